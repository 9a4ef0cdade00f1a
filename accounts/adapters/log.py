"""What Django and allauth do by themselves, told to the log; no other hook exists for it."""

import time
from typing import Any

from allauth.account import signals as account_signals
from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa import signals as mfa_signals
from allauth.socialaccount import signals as social_signals
from django.contrib.auth import signals as auth_signals
from django.http import HttpRequest

from core import audit


def note_login(request: HttpRequest, user: Any, **_: Any) -> None:
    """Start the clock of the session, and write down how it was opened."""
    request.session["opened_at"] = request.session["seen_at"] = time.time()
    records = get_authentication_records(request, user)
    methods = [record.get("type") or record["method"] for record in records]
    audit.record("accounts.login.done", by=user, about=user, methods=methods)


def note_logout(user: Any, **_: Any) -> None:
    if user is not None:
        audit.record("accounts.logout.done", by=user, about=user)


def note_authenticator_added(request: HttpRequest, user: Any, authenticator: Any, **_: Any) -> None:
    """Count the factor that was shown a moment ago, so that nobody is asked for it twice."""
    audit.record("accounts.factor.added", by=user, about=user, type=authenticator.type)
    if authenticator.type != authenticator.Type.RECOVERY_CODES:
        record_authentication(
            request,
            user,
            method="mfa",
            id=authenticator.pk,
            type=authenticator.type,
            reauthenticated=True,
        )


def note_authenticator_removed(user: Any, authenticator: Any, **_: Any) -> None:
    audit.record("accounts.factor.removed", by=user, about=user, type=authenticator.type)


def note_authenticator_reset(user: Any, authenticator: Any, **_: Any) -> None:
    audit.record("accounts.factor.renewed", by=user, about=user, type=authenticator.type)


def note_factor_failed(user: Any, authenticator: Any, **_: Any) -> None:
    audit.record("accounts.login.failed", by=None, about=user, method=authenticator.type)


def note_password_set(user: Any, **_: Any) -> None:
    audit.record("accounts.password.set", by=user, about=user)


def note_connected(sociallogin: Any, **_: Any) -> None:
    account = sociallogin.account
    audit.record(
        "accounts.provider.connected",
        by=account.user,
        about=account.user,
        provider=account.provider,
    )


def note_disconnected(socialaccount: Any, **_: Any) -> None:
    person = socialaccount.user
    audit.record(
        "accounts.provider.disconnected", by=person, about=person, provider=socialaccount.provider
    )


RECEIVERS = [
    (auth_signals.user_logged_in, note_login),
    (auth_signals.user_logged_out, note_logout),
    (mfa_signals.authenticator_added, note_authenticator_added),
    (mfa_signals.authenticator_removed, note_authenticator_removed),
    (mfa_signals.authenticator_reset, note_authenticator_reset),
    (mfa_signals.authentication_failed, note_factor_failed),
    (account_signals.password_changed, note_password_set),
    (account_signals.password_set, note_password_set),
    (social_signals.social_account_added, note_connected),
    (social_signals.social_account_removed, note_disconnected),
]


def connect() -> None:
    """Listen to the libraries; we send no signals of our own."""
    for signal, receiver in RECEIVERS:
        signal.connect(receiver, dispatch_uid=f"accounts.{receiver.__name__}")
