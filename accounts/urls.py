"""The way in. Of allauth's pages only those that the portal needs; their names are allauth's."""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from allauth.socialaccount import views as social
from allauth.usersessions import views as usersessions
from django.urls import include, path

from accounts import views

own = [
    path("", views.Account.as_view(), name="account"),
    path("email/", views.ChangeEmail.as_view(), name="change_email"),
    path("email/<str:token>/", views.ConfirmEmail.as_view(), name="confirm_email"),
    path("password/remove/", views.RemovePassword.as_view(), name="remove_password"),
    path(
        "reauthenticate/code/", views.ReauthenticateByCode.as_view(), name="reauthenticate_by_code"
    ),
    path("sessions/end/", views.EndSessions.as_view(), name="end_sessions"),
    path("invitation/<str:token>/", views.AcceptInvitation.as_view(), name="invitation"),
]

urlpatterns = [
    path("", include((own, "accounts"))),
    path("login/", views.RequestCode.as_view(), name="account_login"),
    path("login/", views.RequestCode.as_view(), name="account_request_login_code"),
    path("login/code/", views.ConfirmCode.as_view(), name="account_confirm_login_code"),
    path("login/password/", account.login, name="account_login_by_password"),
    path("login/second/", mfa.authenticate, name="mfa_authenticate"),
    path("login/passkey/", webauthn.login_webauthn, name="mfa_login_webauthn"),
    path("logout/", views.Logout.as_view(), name="account_logout"),
    path("reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("reauthenticate/second/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path(
        "reauthenticate/passkey/",
        webauthn.reauthenticate_webauthn,
        name="mfa_reauthenticate_webauthn",
    ),
    path("password/change/", account.password_change, name="account_change_password"),
    path("password/set/", account.password_set, name="account_set_password"),
    path("", views.Account.as_view(), name="mfa_index"),
    path("app/add/", totp.activate_totp, name="mfa_activate_totp"),
    path("app/remove/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("passkeys/add/", webauthn.add_webauthn, name="mfa_add_webauthn"),
    path("passkeys/<int:pk>/remove/", views.RemovePasskey.as_view(), name="mfa_remove_webauthn"),
    path("recovery-codes/", recovery.view_recovery_codes, name="mfa_view_recovery_codes"),
    path(
        "recovery-codes/new/",
        recovery.generate_recovery_codes,
        name="mfa_generate_recovery_codes",
    ),
    path("sessions/", usersessions.list_usersessions, name="usersessions_list"),
    path("services/", social.connections, name="socialaccount_connections"),
    path("oidc/cancelled/", social.login_cancelled, name="socialaccount_login_cancelled"),
    path("oidc/<slug:provider_id>/", views.openid_login, name="openid_connect_login"),
    path(
        "oidc/<slug:provider_id>/callback/",
        views.openid_callback,
        name="openid_connect_callback",
    ),
]
