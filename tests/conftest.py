import hypothesis
import pytest
from allauth.account.internal.flows.login import record_authentication
from django.contrib.auth.signals import user_logged_in

# A busy machine is slow, not wrong.
hypothesis.settings.register_profile(
    "patient", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("patient")


@pytest.fixture(autouse=True)
def _errors_are_pages(settings):
    """Errors become pages, whatever the browser of an earlier test (WebTest) left behind."""
    settings.DEBUG_PROPAGATE_EXCEPTIONS = False


@pytest.fixture(autouse=True)
def _database(db):
    """Every test may ask the database: nearly all do."""


@pytest.fixture(autouse=True)
def _second_factor(request):
    """Take for granted that whoever logs in has shown a second factor, unless marked `mfa`."""

    def remember(sender, request, user, **_):
        record_authentication(request, user, method="mfa", type="totp", reauthenticated=True)

    if request.node.get_closest_marker("mfa"):
        yield
    else:
        user_logged_in.connect(remember)
        yield
        user_logged_in.disconnect(remember)
