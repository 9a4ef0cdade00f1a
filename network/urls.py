from django.urls import path

from network import views

app_name = "network"
urlpatterns = [
    path("units/", views.UnitTree.as_view(), name="units"),
    path("units/<slug>/", views.UnitPage.as_view(), name="unit"),
    path("units/<slug>/add/", views.AddUnit.as_view(), name="unit_add"),
    path("units/<slug>/edit/", views.EditUnit.as_view(), name="unit_edit"),
    path("units/<slug>/move/", views.MoveUnit.as_view(), name="unit_move"),
    path("units/<slug>/close/", views.CloseUnit.as_view(), name="unit_close"),
    path("units/<slug>/order/", views.OrderUnits.as_view(), name="unit_order"),
    path("units/<slug>/access/", views.UnitAccess.as_view(), name="unit_access"),
    path("units/<slug>/history/", views.UnitHistory.as_view(), name="unit_history"),
    path("units/<slug>/areas/add/", views.AddArea.as_view(), name="area_add"),
    path("areas/<int:pk>/remove/", views.RemoveArea.as_view(), name="area_remove"),
    path("units/<slug>/roles/give/", views.GiveRole.as_view(), name="role_give"),
    path("roles/<int:pk>/end/", views.EndRole.as_view(), name="role_end"),
    path("workplaces/", views.WorkplaceList.as_view(), name="workplaces"),
    path("workplaces/add/", views.AddWorkplace.as_view(), name="workplace_add"),
    path("workplaces/<int:pk>/", views.WorkplacePage.as_view(), name="workplace"),
    path("workplaces/<int:pk>/edit/", views.EditWorkplace.as_view(), name="workplace_edit"),
    path("workplaces/<int:pk>/close/", views.CloseWorkplace.as_view(), name="workplace_close"),
]
