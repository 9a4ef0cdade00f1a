from django.urls import path

from members.models import LeaderAssignment
from members.views import changes, education, imports, memberships, own, person, roster

app_name = "members"
urlpatterns = [
    path("me/", own.Own.as_view(), name="own"),
    path("me/contact/", own.EditOwnContact.as_view(), name="own_contact"),
    path("me/confirm/", own.ConfirmOwnData.as_view(), name="confirm"),
    path("me/who-sees/", own.WhoSeesMe.as_view(), name="who_sees_me"),
    path("me/data/", own.OwnDataPage.as_view(), name="own_data"),
    path("me/data.json", own.OwnDataJson.as_view(), name="own_data_json"),
    path("me/data.pdf", own.OwnDataPdf.as_view(), name="own_data_pdf"),
    path("me/people/", own.OwnPeople.as_view(), name="people"),
    path("me/<int:pk>/workplace/", own.ChangeOwnWorkplace.as_view(), name="own_workplace"),
    path("me/<int:pk>/leader/", own.ChangeOwnLeader.as_view(), name="own_leader"),
    path("me/<int:pk>/ask/", own.AskForChange.as_view(), name="ask"),
    path("me/wishes/<int:pk>/withdraw/", own.WithdrawRequest.as_view(), name="withdraw"),
    path("wishes/", changes.ChangeRequests.as_view(), name="changerequests"),
    path("wishes/<int:pk>/", changes.DecideChangeRequest.as_view(), name="decide"),
    path("people/", roster.RosterPage.as_view(), name="roster"),
    path("people/export/", roster.ExportRoster.as_view(), name="export"),
    path("people/selected/mail/", roster.MailSelected.as_view(), name="mail_selected"),
    path("people/selected/move/", roster.MoveSelected.as_view(), name="move_selected"),
    path("people/selected/end/", roster.EndSelected.as_view(), name="end_selected"),
    path("people/selected/invite/", roster.InviteSelected.as_view(), name="invite_selected"),
    path("people/new/", person.AddPerson.as_view(), name="add"),
    path("people/<int:pk>/", person.PersonDetail.as_view(), name="person"),
    path("people/<int:pk>/history/", person.PersonHistory.as_view(), name="history"),
    path("people/<int:pk>/edit/", person.EditPerson.as_view(), name="edit"),
    path("people/<int:pk>/invite/", person.InvitePerson.as_view(), name="invite"),
    path("people/<int:pk>/deactivate/", person.DeactivatePerson.as_view(), name="deactivate"),
    path("people/<int:pk>/join/", memberships.AddMembership.as_view(), name="join"),
    path("people/<int:pk>/education/", education.AddEducation.as_view(), name="add_education"),
    path("education/<int:pk>/", education.EditEducation.as_view(), name="edit_education"),
    path(
        "education/<int:pk>/remove/", education.RemoveEducation.as_view(), name="remove_education"
    ),
    path(
        "memberships/<int:pk>/edit/", memberships.EditMembership.as_view(), name="edit_membership"
    ),
    path("memberships/<int:pk>/move/", memberships.MoveMembership.as_view(), name="move"),
    path("memberships/<int:pk>/end/", memberships.EndMembership.as_view(), name="end"),
    path("memberships/<int:pk>/leader/", memberships.ChangeLeader.as_view(), name="change_leader"),
    path(
        "memberships/<int:pk>/professional-lead/",
        memberships.ChangeLeader.as_view(kind=LeaderAssignment.Kind.PROFESSIONAL_LEAD),
        name="change_professional_lead",
    ),
    path("people/import/", imports.Imports.as_view(), name="imports"),
    path("people/import/<int:pk>/", imports.ShowImport.as_view(), name="import"),
    path(
        "people/import/<int:pk>/columns/", imports.ConnectColumns.as_view(), name="import_columns"
    ),
    path("people/import/<int:pk>/review/", imports.ReviewImport.as_view(), name="import_review"),
    path("people/import/<int:pk>/abandon/", imports.AbandonImport.as_view(), name="import_abandon"),
    path("people/import/<int:pk>/resume/", imports.ResumeImport.as_view(), name="import_resume"),
    path("people/import/<int:pk>/errors/", imports.ImportErrors.as_view(), name="import_errors"),
]
