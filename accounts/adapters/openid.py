"""Login through an OpenID provider: Entra ID, ID-porten and others alike (AN-14)."""

import hashlib
import secrets
from typing import Any

import jwt
from allauth.account.internal.flows.login import record_authentication
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialLogin
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.utils import generate_code_challenge
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from requests import RequestException

from accounts import actions
from accounts.models import Invitation, Person
from core import audit

# Signatures by the provider's own key pair; "none" and shared secrets are not among them.
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA"]
REQUIRED_CLAIMS = ["iss", "sub", "aud", "exp", "iat", "nonce"]
LEEWAY = 30  # seconds that two clocks may differ
STRONG = ("substantial", "high")  # the levels of eIDAS that count as two factors


def nonce_for(code_verifier: str) -> str:
    """Return the nonce of one login: known to nobody who lacks the session's PKCE secret."""
    return hashlib.sha256(f"nonce:{code_verifier}".encode()).hexdigest()


class OpenIDProvider(OpenIDConnectProvider):
    """One provider of `OIDC_PROVIDERS`; what the address line asks for has no say."""

    def get_pkce_params(self) -> dict[str, str]:
        challenge = generate_code_challenge()
        return challenge | {"nonce": nonce_for(challenge["code_verifier"])}

    def get_auth_params(self) -> dict[str, str]:
        asked = {"ui_locales": get_language() or "nb"}
        if levels := self.app.settings["acr"]:
            asked["acr_values"] = " ".join(levels)
        return asked

    def get_auth_params_from_request(self, request: HttpRequest, action: str) -> dict[str, str]:
        return self.get_auth_params()

    def get_scope_from_request(self, request: HttpRequest) -> list[str]:
        return self.get_scope()

    def get_oauth2_adapter(self, request: HttpRequest) -> "OpenIDAdapter":
        return OpenIDAdapter(request, self.app.provider_id)


class OpenIDAdapter(OpenIDConnectOAuth2Adapter):
    """Believe an ID token only after everything in it has been checked."""

    nonce = ""

    @property
    def openid_config(self) -> dict[str, Any]:
        config = super().openid_config
        if config.get("issuer") != self.get_provider().app.settings["issuer"]:
            raise OAuth2Error("The provider calls itself something else than agreed.")
        return config

    def get_callback_url(self, request: HttpRequest, app: SocialApp) -> str:
        return settings.SITE_URL + reverse("openid_connect_callback", args=[self.provider_id])

    def get_access_token_data(
        self, request: HttpRequest, app: Any, client: Any, pkce_code_verifier: str | None = None
    ) -> dict[str, Any]:
        self.nonce = nonce_for(pkce_code_verifier or secrets.token_hex())
        return super().get_access_token_data(request, app, client, pkce_code_verifier)

    def complete_login(
        self, request: HttpRequest, app: SocialApp, token: Any, **kwargs: Any
    ) -> SocialLogin:
        """Return who has logged in, with nothing but the identity itself to be stored."""
        try:
            claims = self.checked_claims(app, kwargs["response"]["id_token"])
            identity = "|".join(str(claims[name]) for name in app.settings["identity"])
            email = self.verified_email(app, claims, token.token)
        except (jwt.PyJWTError, KeyError, TypeError, ValueError) as error:
            raise OAuth2Error(
                f"{type(error).__name__}: the ID token cannot be believed."
            ) from error
        login = SocialLogin(
            user=Person(),
            account=SocialAccount(provider=app.provider_id, uid=identity, extra_data={}),
            provider=self.get_provider(),
        )
        login.verified_email = email
        login.is_strong = str(claims.get("acr", "")).lower().endswith(STRONG)
        return login

    def checked_claims(self, app: SocialApp, id_token: str) -> dict[str, Any]:
        """Check signature, issuer, audience, time, nonce and level of an ID token."""
        header = jwt.get_unverified_header(id_token)
        if header.get("alg") not in ALGORITHMS:
            raise OAuth2Error("The ID token is not signed with a key pair.")
        keys = jwt.PyJWKSet.from_dict(self.fetch(self.openid_config["jwks_uri"]))
        is_only_one = "kid" not in header and len(keys.keys) == 1
        claims = jwt.decode(
            id_token,
            key=keys.keys[0] if is_only_one else keys[header["kid"]],
            algorithms=ALGORITHMS,
            audience=app.client_id,
            issuer=app.settings["issuer"],
            leeway=LEEWAY,
            options={"require": REQUIRED_CLAIMS},
        )
        if not secrets.compare_digest(str(claims["nonce"]), self.nonce):
            raise OAuth2Error("The ID token belongs to another login.")
        if claims.get("azp", app.client_id) != app.client_id:
            raise OAuth2Error("The ID token was made for somebody else.")
        if (levels := app.settings["acr"]) and claims.get("acr") not in levels:
            raise OAuth2Error("The login was weaker than asked for.")
        return claims

    def verified_email(self, app: SocialApp, claims: dict[str, Any], access_token: str) -> str:
        """Return the address that the provider vouches for, or nothing."""
        if "email" in self.get_provider().get_scope() and "email" not in claims:
            userinfo = self._fetch_user_info(access_token)
            if userinfo.get("sub") == claims["sub"]:
                claims = claims | userinfo
        vouched = claims.get("email_verified") is True or app.settings["vouches_for_email"]
        return str(claims.get("email") or "").lower() if vouched else ""

    def fetch(self, url: str) -> dict[str, Any]:
        with SocialAccountAdapter().get_requests_session() as session:
            response = session.get(url)
            response.raise_for_status()
            return response.json()


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    """Providers come from the environment; their people come from invitations only."""

    def list_apps(
        self, request: HttpRequest, provider: str | None = None, client_id: str | None = None
    ) -> list[SocialApp]:
        return [
            SocialApp(
                provider="openid_connect",
                provider_id=entry["id"],
                name=entry["name"],
                client_id=entry["client_id"],
                secret=entry["secret"],
                settings={
                    "server_url": entry["issuer"],
                    "issuer": entry["issuer"],
                    "scope": entry.get("scope", ["openid", "email"]),
                    "acr": entry.get("acr", []),
                    "identity": entry.get("identity", ["iss", "sub"]),
                    "vouches_for_email": entry.get("vouches_for_email", False),
                },
            )
            for entry in settings.OIDC_PROVIDERS
            if provider in (None, "openid_connect", entry["id"])
        ]

    def list_providers(self, request: HttpRequest) -> list[OpenIDProvider]:
        return [OpenIDProvider(request, app=app) for app in self.list_apps(request)]

    def get_provider(
        self, request: HttpRequest, provider: str, client_id: str | None = None
    ) -> OpenIDProvider:
        return OpenIDProvider(request, app=self.get_app(request, provider))

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Let in who is known by issuer and subject, or who holds an open invitation."""
        if sociallogin.state.get("process") == "connect":
            return
        if not sociallogin.is_existing:
            self.open_account(request, sociallogin)
        if sociallogin.is_strong:
            record_authentication(request, sociallogin.user, method="openid", is_strong=True)

    def open_account(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Tie the identity to the person who was invited; nobody else is let in."""
        account = sociallogin.account
        invitation = self.find_invitation(request, sociallogin.verified_email)
        if invitation is None:
            audit.record(
                "accounts.login.failed", by=None, provider=account.provider, reason="not invited"
            )
            messages.error(
                request,
                _("This login is not tied to anyone here. Ask your coordinator for an invitation."),
            )
            raise ImmediateHttpResponse(redirect("account_login"))
        person = actions.accept_invitation(invitation, by=invitation.person)
        account.user = sociallogin.user = person
        account.save()
        audit.record(
            "accounts.provider.connected", by=person, about=person, provider=account.provider
        )

    def find_invitation(self, request: HttpRequest, email: str) -> Invitation | None:
        """Return the invitation whose link was just opened, or the one sent to `email`."""
        open_ones = Invitation.objects.open().select_related("person")
        if key := request.session.pop("invitation", None):
            return open_ones.filter(pk=key).first()
        return open_ones.filter(email=email).first() if email else None

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: OpenIDProvider,
        error: Any = None,
        exception: Exception | None = None,
        extra_context: dict[str, Any] | None = None,
    ) -> None:
        reason = str(exception) if isinstance(exception, OAuth2Error) else type(exception).__name__
        if isinstance(exception, RequestException):
            reason = "The provider did not answer."
        audit.record(
            "accounts.login.failed", by=None, provider=provider.app.provider_id, reason=reason[:200]
        )
