import unicodedata
from typing import Any

from allauth.account import forms as account_forms
from allauth.account.adapter import get_adapter
from allauth.core import context, ratelimit
from allauth.mfa.base import forms as mfa_forms
from allauth.mfa.totp import forms as totp_forms
from allauth.mfa.webauthn import forms as webauthn_forms
from django import forms
from django.contrib.auth.password_validation import password_validators_help_texts
from django.core.validators import MaxLengthValidator
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.models import Person
from core.forms import ScopedForm

MAX_PASSWORD = 128


def as_code(field: forms.Field, label: Any, *, hint: Any = "") -> None:
    """Make the phone show its digits and offer the code it has just received."""
    field.label = label
    field.help_text = hint
    field.widget = forms.TextInput(
        attrs={
            "class": "rn-code",
            "inputmode": "numeric",
            "autocomplete": "one-time-code",
            "autofocus": True,
        }
    )


def as_password(field: forms.Field, label: Any, *, hint: Any = "") -> None:
    field.label = label
    field.help_text = hint
    field.validators.append(MaxLengthValidator(MAX_PASSWORD))
    field.widget.attrs.pop("placeholder", None)


class RequestCodeForm(account_forms.RequestLoginCodeForm):
    """Known or not, the address gets the same answer."""

    email = forms.EmailField(
        label=_("E-mail address at work"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"}),
    )

    def clean_email(self) -> str:
        """Find who the address belongs to; every spelling of it counts as one (AN-07)."""
        email = unicodedata.normalize("NFKC", self.cleaned_data["email"]).lower()
        if not ratelimit.consume(context.request, action="request_login_code", key=email):
            raise get_adapter().validation_error("too_many_login_attempts")
        self._user = Person.objects.who_may_log_in().filter(email=email).first()
        return email


class ConfirmCodeForm(account_forms.ConfirmLoginCodeForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        as_code(self.fields["code"], _("One-time code"))


class PasswordLoginForm(account_forms.LoginForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("E-mail address at work")
        self.fields["login"].widget = forms.EmailInput(attrs={"autocomplete": "username"})
        as_password(self.fields["password"], _("Password"))


class ReauthenticateForm(account_forms.ReauthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        as_password(self.fields["password"], _("Password"))


def as_new_password(form: forms.Form) -> None:
    """Say what a password must be before it is written."""
    rules = format_lazy("{}", " ".join(password_validators_help_texts()))
    as_password(form.fields["password1"], _("New password"), hint=rules)
    as_password(form.fields["password2"], _("New password again"))


class SetPasswordForm(account_forms.SetPasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        as_new_password(self)


class ChangePasswordForm(account_forms.ChangePasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        as_password(self.fields["oldpassword"], _("The password you have now"))
        as_new_password(self)


class FactorForm(mfa_forms.AuthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        as_code(
            self.fields["code"],
            _("Code from the app"),
            hint=_("You can also use one of your recovery codes."),
        )


class FactorAgainForm(mfa_forms.ReauthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        as_code(
            self.fields["code"],
            _("Code from the app"),
            hint=_("You can also use one of your recovery codes."),
        )


class AddAppForm(totp_forms.ActivateTOTPForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        as_code(self.fields["code"], _("The six digits the app shows"))


class AddPasskeyForm(webauthn_forms.AddWebAuthnForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name = self.fields["name"]
        name.label = _("What you call this passkey")
        name.help_text = _("For example “Work phone”.")
        name.validators.append(MaxLengthValidator(60))
        # A passkey that can stand alone is the only kind offered: one button, one thing to know.
        self.fields["passwordless"].initial = True
        self.fields["passwordless"].widget = forms.HiddenInput()


class NewAddressForm(ScopedForm):
    email = forms.EmailField(
        label=_("New e-mail address at work"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"}),
    )

    def clean_email(self) -> str:
        email = unicodedata.normalize("NFKC", self.cleaned_data["email"]).lower()
        if email == self.user.email:
            raise forms.ValidationError(_("This is the address you have now."))
        return email


class CodeForm(forms.Form):
    """The code that was sent to one's own mailbox a moment ago."""

    code = forms.CharField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        as_code(self.fields["code"], _("One-time code"))
