import base64
from functools import cache
from urllib.parse import urlsplit

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.stages import AuthenticateStage
from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.adapters.access import has_second_factor
from accounts.models import Person


@cache
def _safe(keys: tuple[str, ...]) -> MultiFernet:
    """Return the safe for secrets at rest; old keys still open it."""

    def derived(key: str) -> Fernet:
        kdf = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"accounts.second-factor")
        return Fernet(base64.urlsafe_b64encode(kdf.derive(key.encode())))

    return MultiFernet([derived(key) for key in keys])


class MFAAdapter(DefaultMFAAdapter):
    """Secrets are kept encrypted, and the last factor of one who manages others stays."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "cannot_delete_authenticator": gettext_lazy(
            "You manage others, so you need a second step. Add another one first."
        ),
        "incorrect_code": gettext_lazy(
            "The code is wrong or has been used. Wait for the next one."
        ),
    }

    def encrypt(self, text: str) -> str:
        return self._safe.encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return self._safe.decrypt(encrypted_text.encode()).decode()

    @property
    def _safe(self) -> MultiFernet:
        return _safe((settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS))

    def get_totp_issuer(self) -> str:
        return "Ressursnett"

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        others = Authenticator.objects.filter(user=authenticator.user).exclude(pk=authenticator.pk)
        is_last = not others.exclude(type=Authenticator.Type.RECOVERY_CODES).exists()
        return not (is_last and authenticator.user.needs_second_factor)

    def generate_authenticator_name(self, user: Person, type: str) -> str:  # noqa: A002 -- allauth's
        return _("Passkey")

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Bind passkeys to the portal's own name, never to what a request claims."""
        return {"id": urlsplit(settings.SITE_URL).hostname or "", "name": "Ressursnett"}


class SecondFactorStage(AuthenticateStage):
    """A provider that has asked for two factors itself is enough."""

    def _should_handle(self, request: HttpRequest) -> bool:
        is_strong = has_second_factor(request, self.login.user)
        return super()._should_handle(request) and not is_strong
