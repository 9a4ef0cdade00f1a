import pytest
from django.urls import reverse

from network.models import Role
from tests.factories import PersonFactory, RoleFactory


@pytest.mark.mfa
@pytest.mark.parametrize("kind", [Role.Kind.ADMINISTRATOR, Role.Kind.COORDINATOR])
def test_whoever_manages_others_meets_the_second_factor_before_anything_else(client, kind):
    client.force_login(RoleFactory(kind=kind).person)

    response = client.get(reverse("usersessions_list"))

    assert response.status_code == 302
    assert response.url == reverse("accounts:account")
    assert client.get(response.url).context["must_add"] is True


@pytest.mark.mfa
@pytest.mark.parametrize("kind", [Role.Kind.GROUP_CONTACT, Role.Kind.READER])
def test_whoever_manages_nobody_needs_no_second_factor(kind):
    assert RoleFactory(kind=kind).person.needs_second_factor is False


def test_a_session_of_a_test_has_shown_its_second_factor(client):
    client.force_login(RoleFactory().person)

    assert client.get(reverse("usersessions_list")).status_code == 200


def test_a_person_without_password_has_no_usable_password():
    assert PersonFactory(password="").has_usable_password() is False
