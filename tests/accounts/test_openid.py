import re
import subprocess
import sys
import time

import pytest
import requests
from allauth.socialaccount.models import SocialAccount, SocialToken
from django.urls import reverse
from joserfc.jwk import OctKey

from accounts import actions
from accounts.models import Invitation, Person
from core.models import LogEntry, OutgoingMail
from tests.accounts import provider as providers
from tests.factories import PersonFactory, RoleFactory

pytestmark = pytest.mark.mfa
LEVELS = ["idporten-loa-substantial", "idporten-loa-high"]


@pytest.fixture
def provider(settings):
    with providers.running() as provider:
        settings.OIDC_PROVIDERS = [entry(provider.issuer), entry(provider.issuer, id="other")]
        yield provider


def entry(issuer, **more):
    return {
        "id": "trust",
        "name": "The trust",
        "issuer": issuer,
        "client_id": providers.CLIENT,
        "secret": providers.SECRET,
        "scope": ["openid"],
    } | more


def start(client, provider, where="trust", **data):
    """Leave for the provider; return where she was sent."""
    answer = client.post(reverse("openid_connect_login", args=[where]), data)
    provider.asked = providers.parameters(answer.url)
    return answer.url


def come_back(client, provider, where="trust", **changed):
    query = {"code": "one", "state": provider.asked["state"]} | changed
    return client.get(reverse("openid_connect_callback", args=[where]), query)


def log_in(client, provider):
    start(client, provider)
    return come_back(client, provider)


def logged_in_as(client):
    return int(client.session.get("_auth_user_id", 0)) or None


def known(provider, person=None, sub="subject-1"):
    person = person or PersonFactory()
    SocialAccount.objects.create(user=person, provider="trust", uid=f"{provider.issuer}|{sub}")
    return person


def test_whoever_is_known_by_issuer_and_subject_gets_in(client, provider):
    person = known(provider)

    answer = log_in(client, provider)

    assert answer.url == reverse("overview:start")
    assert logged_in_as(client) == person.pk


def test_the_request_has_pkce_a_state_and_a_nonce(client, provider):
    known(provider)
    start(client, provider)
    first = dict(provider.asked)
    come_back(client, provider)
    start(type(client)(), provider)

    assert first["code_challenge_method"] == "S256"
    assert first["redirect_uri"] == "http://localhost:8000/accounts/oidc/trust/callback/"
    for name in ("state", "nonce", "code_challenge"):
        assert first[name]
        assert first[name] != provider.asked[name]
    assert len(provider.token_requests[0]["code_verifier"]) >= 43


def test_the_address_line_has_no_say_in_what_is_asked_for(client, provider, settings):
    settings.OIDC_PROVIDERS = [entry(provider.issuer, acr=LEVELS)]
    page = reverse("openid_connect_login", args=["trust"])

    answer = client.post(f"{page}?auth_params=acr_values%3Dlow%26nonce%3Dx&scope=admin")

    asked = providers.parameters(answer.url)
    assert asked["acr_values"] == " ".join(LEVELS)
    assert asked["nonce"] != "x"
    assert asked["scope"] == "openid"


def test_a_login_starts_with_a_button_and_never_with_a_link(client, provider):
    answer = client.get(reverse("openid_connect_login", args=["trust"]))

    assert answer.status_code == 200


DEFECTS = {
    "signed with another key": {"key": providers.STRANGER},
    "signed with no key": {"header": {"alg": "none"}},
    "signed with the client secret": {
        "header": {"alg": "HS256"},
        "key": OctKey.import_key(providers.SECRET),
    },
    "signed with an unknown key": {"header": {"kid": "unknown"}},
    "another issuer": {"claims": {"iss": "https://evil.example"}},
    "another audience": {"claims": {"aud": "another-client"}},
    "made for another party": {"claims": {"aud": [providers.CLIENT, "x"], "azp": "x"}},
    "expired": {"claims": {"exp": int(time.time()) - 120}},
    "without expiry": {"claims": {"exp": None}},
    "from the future": {"claims": {"iat": int(time.time()) + 3600}},
    "another nonce": {"claims": {"nonce": "another"}},
    "without nonce": {"claims": {"nonce": None}},
    "without subject": {"claims": {"sub": None}},
    "too weak": {"claims": {"acr": "idporten-loa-low"}},
    "of unknown strength": {"claims": {"acr": None}},
    "another name in the discovery": {"config": {"issuer": "https://evil.example"}},
}


@pytest.mark.parametrize("defect", DEFECTS)
def test_a_defect_lets_nobody_in_makes_nobody_and_is_logged(client, provider, settings, defect):
    settings.OIDC_PROVIDERS = [entry(provider.issuer, acr=LEVELS)]
    known(provider)
    persons = Person.objects.count()
    if defect != "another name in the discovery":
        start(client, provider)
    provider.claims = {"acr": LEVELS[0]}
    for name, value in DEFECTS[defect].items():
        setattr(provider, name, {**getattr(provider, name), **value} if name == "claims" else value)
    if defect == "another name in the discovery":
        answer = client.post(reverse("openid_connect_login", args=["trust"]))
    else:
        answer = come_back(client, provider)

    assert answer.status_code == 401
    assert logged_in_as(client) is None
    assert Person.objects.count() == persons
    assert SocialAccount.objects.count() == 1
    assert LogEntry.objects.get().verb == "accounts.login.failed"


def test_without_the_defect_the_same_login_works(client, provider, settings):
    settings.OIDC_PROVIDERS = [entry(provider.issuer, acr=LEVELS)]
    person = known(provider)
    provider.claims = {"acr": LEVELS[0]}

    log_in(client, provider)

    assert logged_in_as(client) == person.pk


def test_an_answer_belongs_to_the_session_that_asked(client, provider):
    known(provider)
    start(client, provider)
    thief = type(client)()

    answer = come_back(thief, provider)

    assert answer.status_code == 401
    assert logged_in_as(thief) is None


def test_an_answer_belongs_to_the_provider_that_was_asked(client, provider):
    known(provider)
    start(client, provider)

    answer = come_back(client, provider, where="other")

    assert answer.status_code == 401
    assert logged_in_as(client) is None


def test_an_answer_counts_once(client, provider):
    known(provider)
    log_in(client, provider)
    client.post(reverse("account_logout"))

    answer = come_back(client, provider)

    assert answer.status_code == 401


def test_a_provider_that_does_not_answer_is_told_of_and_logged(client, settings):
    settings.OIDC_PROVIDERS = [entry("http://127.0.0.1:9")]

    answer = client.post(reverse("openid_connect_login", args=["trust"]))

    assert answer.status_code == 401
    assert LogEntry.objects.get().details["reason"] == "The provider did not answer."


def test_an_unknown_provider_is_not_found(client, provider):
    assert client.post(reverse("openid_connect_login", args=["nobody"])).status_code == 404


def test_the_same_subject_at_another_issuer_is_somebody_else(client, provider):
    PersonFactory()
    SocialAccount.objects.create(
        user=PersonFactory(), provider="trust", uid="https://elsewhere.example|subject-1"
    )

    log_in(client, provider)

    assert logged_in_as(client) is None


def test_entra_is_known_by_tenant_and_object(client, provider, settings):
    settings.OIDC_PROVIDERS = [entry(provider.issuer, identity=["tid", "oid"])]
    provider.claims = {"tid": "tenant", "oid": "object"}
    person = PersonFactory()
    SocialAccount.objects.create(user=person, provider="trust", uid="tenant|object")

    log_in(client, provider)

    assert logged_in_as(client) == person.pk


def test_an_address_alone_never_opens_an_account(client, provider):
    PersonFactory(email="ada@example.org")
    provider.claims = {"email": "ada@example.org", "email_verified": True}

    answer = log_in(client, provider)

    assert answer.url == reverse("account_login")
    assert logged_in_as(client) is None
    assert SocialAccount.objects.count() == 0


def test_a_verified_address_opens_the_invitation_that_was_sent_to_it(client, provider):
    person = PersonFactory(email="ada@example.org", is_active=False)
    actions.invite(person, by=None)
    provider.claims = {"email": "Ada@example.org", "email_verified": True}

    log_in(client, provider)

    assert logged_in_as(client) == person.pk
    assert Invitation.objects.get().accepted_at is not None
    assert SocialAccount.objects.get().uid == f"{provider.issuer}|subject-1"


@pytest.mark.parametrize("verified", [False, None, "true"])
def test_an_address_nobody_vouches_for_opens_nothing(client, provider, verified):
    actions.invite(PersonFactory(email="ada@example.org", is_active=False), by=None)
    provider.claims = {"email": "ada@example.org", "email_verified": verified}

    log_in(client, provider)

    assert logged_in_as(client) is None


def test_the_userinfo_of_another_subject_is_not_believed(client, provider, settings):
    settings.OIDC_PROVIDERS = [entry(provider.issuer, scope=["openid", "email"])]
    actions.invite(PersonFactory(email="ada@example.org", is_active=False), by=None)
    provider.userinfo = {"sub": "x", "email": "ada@example.org", "email_verified": True}

    log_in(client, provider)

    assert logged_in_as(client) is None


def test_the_link_of_an_invitation_can_be_opened_through_a_provider_without_address(
    client, provider
):
    person = PersonFactory(email="ada@example.org", is_active=False)
    actions.invite(person, by=None)
    link = re.search(r"/accounts/invitation/\S+/", OutgoingMail.objects.get().text).group()

    answer = client.post(link, {"provider": "trust"})
    provider.asked = providers.parameters(answer.url)
    come_back(client, provider)

    assert logged_in_as(client) == person.pk


def test_nothing_but_the_subject_is_stored(client, provider):
    known(provider)
    provider.claims = {"pid": "01020312345", "name": "Ada Lovelace", "email": "x@example.org"}

    log_in(client, provider)

    assert SocialAccount.objects.get().extra_data == {}
    assert SocialToken.objects.count() == 0
    assert "01020312345" not in str(list(LogEntry.objects.values()))
    assert "01020312345" not in str(dict(client.session))


def test_a_strong_login_is_the_second_factor(client, provider, settings):
    settings.OIDC_PROVIDERS = [entry(provider.issuer, acr=LEVELS)]
    known(provider, RoleFactory().person)
    provider.claims = {"acr": LEVELS[0]}

    log_in(client, provider)

    assert client.get(reverse("usersessions_list")).status_code == 200


def test_a_weak_login_is_not_the_second_factor(client, provider):
    known(provider, RoleFactory().person)

    log_in(client, provider)

    assert client.get(reverse("usersessions_list")).url == reverse("accounts:account")


def test_whoever_is_shut_out_stays_outside(client, provider):
    known(provider, PersonFactory(is_active=False))

    log_in(client, provider)

    assert logged_in_as(client) is None


def test_a_person_connects_a_provider_to_her_own_account(client, provider):
    person = PersonFactory(email="ada@example.org")
    client.post(reverse("account_login"), {"email": "ada@example.org"})
    code = re.search(r"\b\d{6}\b", OutgoingMail.objects.get().text).group()
    client.post(reverse("account_confirm_login_code"), {"code": code})

    start(client, provider, process="connect")
    come_back(client, provider)

    assert SocialAccount.objects.get().user == person


def test_nobody_takes_over_a_login_that_is_somebody_elses(client, provider):
    owner = known(provider)
    client.force_login(PersonFactory())

    start(client, provider, process="connect")
    come_back(client, provider)

    assert SocialAccount.objects.get().user == owner


@pytest.fixture
def mock(settings):
    """oidc-provider-mock, as a process of its own."""
    command = [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", "--port", "9417"]
    process = subprocess.Popen([*command, "--require-nonce"], stderr=subprocess.DEVNULL)
    issuer = "http://localhost:9417"
    for _ in range(100):
        try:
            requests.get(f"{issuer}/.well-known/openid-configuration", timeout=1)
            break
        except requests.ConnectionError:
            time.sleep(0.1)
    settings.OIDC_PROVIDERS = [entry(issuer, scope=["openid", "email"])]
    yield issuer
    process.terminate()
    process.wait()


def test_a_real_provider_lets_the_invited_in_and_knows_her_the_next_time(client, mock):
    person = PersonFactory(email="ada@example.org", is_active=False)
    actions.invite(person, by=None)
    claims = {"email": "ada@example.org", "email_verified": True}
    requests.put(f"{mock}/users/ada", json=claims, timeout=5).raise_for_status()

    for _ in range(2):
        answer = client.post(reverse("openid_connect_login", args=["trust"]))
        consent = requests.post(answer.url, {"sub": "ada"}, allow_redirects=False, timeout=5)
        callback = consent.headers["Location"].removeprefix("http://localhost:8000")
        client.get(callback)
        assert logged_in_as(client) == person.pk
        client.post(reverse("account_logout"))
