import datetime as dt
import hashlib
import secrets
from typing import Any, Self

import pghistory
import rules
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.core import signing
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from core.models import ScopedQuerySet, Stamped
from core.text import Folded, Joined, SortKey, fold

NEW_ADDRESS_LASTS = dt.timedelta(hours=1)


class PersonQuerySet(ScopedQuerySet):
    def visible_to(self, user: Any) -> Self:
        """Return oneself; `members.Member` says whom else a person may see."""
        return self.filter(pk=user.pk)

    def who_may_log_in(self) -> Self:
        return self.filter(is_active=True, anonymised_at=None)

    def search(self, words: str) -> Self:
        """Return those whose name, e-mail or phone holds every one of `words`."""
        found = self
        for word in words.split()[:8]:
            found = found.filter(search_text__contains=fold(word))
        return found


class PersonManager(BaseUserManager.from_queryset(PersonQuerySet)):  # type: ignore[misc]
    def create_user(self, email: str, **fields: Any) -> "Person":
        """Create a person who may log in; for the shell and the tests."""
        person = self.model(email=email, is_active=True, **fields)
        person.set_unusable_password()
        person.full_clean()
        person.save()
        return person


@pghistory.track(
    exclude=["password", "last_login", "sessions_ended_at", "name_order", "search_text"]
)
class Person(AbstractBaseUser, Stamped):
    """Everyone the network knows (person); only the invited can log in.

    Personal data: name, work e-mail, work phone, language; kept while a membership or role runs and
    24 months after, then anonymised. No national id, birth date, private address or gender.
    """

    email = models.EmailField(_("e-mail at work"), unique=True)
    given_name = models.CharField(_("given name"), max_length=100)
    family_name = models.CharField(_("family name"), max_length=100)
    work_phone = models.CharField(_("work phone"), max_length=20, blank=True)
    language = models.CharField(
        _("language"),
        max_length=2,
        choices=[("nb", _("Bokmål")), ("nn", _("Nynorsk")), ("en", _("English"))],
        default="nb",
    )
    is_active = models.BooleanField(_("may log in"), default=False)
    sessions_ended_at = models.DateTimeField(null=True, blank=True, editable=False)
    confirmed_on = models.DateField(_("own data confirmed"), null=True, blank=True)
    anonymised_at = models.DateTimeField(null=True, blank=True, editable=False)
    name_order = models.GeneratedField(
        expression=SortKey(Joined("given_name", "family_name")),
        output_field=models.CharField(max_length=250, db_collation="C"),
        db_persist=True,
    )
    search_text = models.GeneratedField(
        expression=Folded(Joined("given_name", "family_name", "email", "work_phone")),
        output_field=models.TextField(),
        db_persist=True,
    )

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["given_name", "family_name"]

    objects = PersonManager()

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("persons")
        ordering = ["name_order", "pk"]
        indexes = [models.Index(fields=["name_order", "id"], name="accounts_person_order")]
        constraints = [
            models.CheckConstraint(
                condition=Q(email=Lower(F("email"))),
                name="accounts_person_email_lower",
                violation_error_message=_("Write the e-mail address in small letters."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        super().clean()
        self.email = self.email.strip().lower()

    @property
    def name(self) -> str:
        return f"{self.given_name} {self.family_name}".strip()

    @property
    def initials(self) -> str:
        return (self.given_name[:1] + self.family_name[:1]).upper()

    def get_full_name(self) -> str:
        return self.name

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """Ask `rules`; there is no superuser who may do everything."""
        return self.is_active and rules.has_perm(perm, self, obj)

    def has_usable_password(self) -> bool:
        """Tell whether there is a password; persons from a roster never had one."""
        return bool(self.password) and super().has_usable_password()

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Bind each session to the password, the address and the day all sessions were ended."""
        bound = f"{self.password}|{self.email}|{self.sessions_ended_at}"
        return salted_hmac("accounts.Person.session", bound, secret, algorithm="sha256").hexdigest()

    def sign_address(self, address: str) -> str:
        """Return a word for a link that makes `address` this person's, as she is now."""
        bound = [self.pk, self.get_session_auth_hash(), address]
        return signing.dumps(bound, salt="accounts.new-address", compress=True)

    def read_address(self, token: str) -> str:
        """Return the address that `token` gives, or nothing once hers or her password changed."""
        try:
            *whose, address = signing.loads(
                token, salt="accounts.new-address", max_age=NEW_ADDRESS_LASTS
            )
        except signing.BadSignature:
            return ""
        return address if whose == [self.pk, self.get_session_auth_hash()] else ""

    @property
    def needs_second_factor(self) -> bool:
        """Whoever manages others shows more than her mailbox."""
        return any(role.is_managing for role in self.current_roles)

    @cached_property
    def current_roles(self) -> list[Any]:
        """The roles in force today, asked for once per request."""
        return list(self.roles.current().select_related("unit"))


class InvitationQuerySet(ScopedQuerySet):
    def visible_to(self, user: Any) -> Self:
        return self.filter(person=user)

    def open(self) -> Self:
        """Return what can still be accepted: one use, in time, at the address it was sent to."""
        return self.filter(
            accepted_at=None,
            expires_at__gt=timezone.now(),
            email=F("person__email"),
            person__is_active=True,
            person__anonymised_at=None,
        )

    def with_token(self, token: str) -> Self:
        return self.filter(token_hash=Invitation.hash_of(token))


@pghistory.track(exclude=["token_hash"])
class Invitation(models.Model):
    """A time-limited link by which a person opens her account.

    Personal data: who was invited by whom, when and at which address; kept with the person.
    """

    person = models.ForeignKey(Person, models.CASCADE, related_name="invitations")
    invited_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    email = models.EmailField(_("e-mail"))
    token_hash = models.CharField(max_length=64, unique=True)
    sent_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["-sent_at"]

    def __str__(self) -> str:
        return f"{self.person} {self.sent_at:%Y-%m-%d}"

    @staticmethod
    def new_token() -> str:
        """Return 256 random bits for a link; only their hash is stored."""
        return secrets.token_urlsafe(32)

    @staticmethod
    def hash_of(token: str) -> str:
        return hashlib.sha256(token.encode()).hexdigest()
