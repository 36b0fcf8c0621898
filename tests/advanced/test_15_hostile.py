"""Milestone 15, beyond: what strangers try to write, and how often they ask."""

import time

import pytest
import time_machine
from django.test import Client as Browser
from django.test import RequestFactory
from rest_framework.authtoken.models import Token

from clients.models import Client
from clients.site.proxies import client_address
from tests.advanced.api import EVE, JSON, assert_answered
from tests.fixtures import assert_refused

pytest_plugins = ["tests.advanced.api_fixtures"]


@pytest.mark.beyond("hostile")
@pytest.mark.contrast
def test_a_session_needs_the_csrf_token_and_a_token_does_not(manager, milestones):
    browser = Browser(enforce_csrf_checks=True)
    browser.force_login(manager, backend="django.contrib.auth.backends.ModelBackend")
    assert_refused(browser.post("/api/clients/", EVE, content_type=JSON))
    forged = {"x-csrftoken": "f" * 32}
    assert_refused(browser.post("/api/clients/", EVE, content_type=JSON, headers=forged))
    key = Token.objects.create(user=manager).key
    assert_answered(
        Browser(enforce_csrf_checks=True).post(
            "/api/clients/", EVE, content_type=JSON, headers={"authorization": f"Token {key}"}
        ),
        201,
    )


@pytest.mark.beyond("hostile")
@pytest.mark.parametrize("key", ["nonsense", "", "x" * 10_000])
def test_a_wrong_token_opens_nothing(guest, milestones, key):
    response = guest.post("/api/clients/", EVE, content_type=JSON, headers={"authorization": f"Token {key}"})
    assert response.status_code in (401, 403)
    assert Client.objects.count() == 0


@pytest.mark.beyond("hostile")
@pytest.mark.contrast
def test_while_it_only_reads_the_allow_header_offers_nothing_else(guest, ada, milestones):
    assert guest.options("/api/clients/")["Allow"] == "GET, HEAD, OPTIONS, POST"
    milestones.off("api-permissions")
    assert guest.options("/api/clients/")["Allow"] == "GET, HEAD, OPTIONS"
    assert guest.post("/api/clients/")["Allow"] == "GET, HEAD, OPTIONS"


# --- How often --------------------------------------------------------------------------------------------------------
@pytest.fixture
def sparing(settings):
    """Three requests a minute for a guest, five for a user; the clock stands still, ten seconds into a minute."""
    settings.API_THROTTLE_ANON = "3/min"
    settings.API_THROTTLE_USER = "5/min"
    with time_machine.travel(time.time() // 60 * 60 + 10, tick=False) as clock:
        yield clock


@pytest.mark.beyond("hostile")
@pytest.mark.contrast
def test_each_guests_address_counts_by_itself(guest, milestones, sparing):
    for _ in range(3):
        assert_answered(guest.get("/api/clients/", REMOTE_ADDR="203.0.113.1"), 200)
    assert guest.get("/api/clients/", REMOTE_ADDR="203.0.113.1").status_code == 429
    assert_answered(guest.get("/api/clients/", REMOTE_ADDR="203.0.113.2"), 200)


@pytest.mark.beyond("hostile")
@pytest.mark.contrast
def test_a_forged_header_makes_nobody_somebody_else(guest, milestones, sparing, settings):
    """Behind a trusted proxy its last entry counts; what the visitor wrote himself stands further left."""
    settings.TRUSTED_PROXIES = ["10.0.0.0/8"]

    def ask(forwarded: str, address: str = "10.1.2.3") -> int:
        headers = {"x-forwarded-for": forwarded}
        return guest.get("/api/clients/", REMOTE_ADDR=address, headers=headers).status_code

    assert [ask(f"1.1.1.{n}, 203.0.113.1") for n in range(4)] == [200, 200, 200, 429]
    assert ask("203.0.113.2") == 200
    assert [ask(f"1.1.1.{n}", address="198.51.100.7") for n in range(4)] == [200, 200, 200, 429]


@pytest.mark.beyond("hostile")
@pytest.mark.parametrize(
    "address, forwarded, expected",
    [
        ("203.0.113.1", "", "203.0.113.1"),
        ("203.0.113.1", "1.1.1.1", "203.0.113.1"),
        ("10.0.0.1", "1.1.1.1", "1.1.1.1"),
        ("10.0.0.1", "1.1.1.1, 2.2.2.2", "2.2.2.2"),
        ("10.0.0.1", "1.1.1.1, 2.2.2.2, 10.0.0.2", "2.2.2.2"),
        ("10.0.0.1", " , ", "10.0.0.1"),
        ("10.0.0.1", "nonsense", "10.0.0.1"),
        ("", "1.1.1.1", ""),
    ],
)
def test_the_visitors_address_is_the_last_that_no_trusted_proxy_wrote(settings, address, forwarded, expected):
    settings.TRUSTED_PROXIES = ["10.0.0.0/8"]
    request = RequestFactory().get("/", REMOTE_ADDR=address, HTTP_X_FORWARDED_FOR=forwarded)
    assert client_address(request) == expected
