"""Milestone 0: the project stands, and `/health/` says so."""

import json

import pytest
from django.core.cache import caches
from django.db import connection
from django.test import Client
from django.urls import reverse

from tests.sentences import answer


# None of the tests without a database fixture may touch the database: pytest-django would fail them.
@pytest.mark.required
def test_health_answers_ok():
    response = Client().get("/health/")

    assert response.status_code == 200, f"{answer(response)}; 200 was expected."
    body = response.getvalue().decode()
    assert body == "ok", f"GET /health/ answered {body[:60]!r}; just “ok” was expected."


@pytest.mark.beyond("comfort")
def test_health_is_plain_text():
    assert Client().get("/health/")["Content-Type"] == "text/plain"


@pytest.mark.beyond("comfort")
def test_health_is_reached_by_its_name():
    assert reverse("health") == "/health/"


@pytest.mark.beyond("comfort")
def test_health_without_the_slash_leads_to_the_one_with_it(guest):
    response = guest.get("/health")

    assert response.status_code == 301
    assert response["Location"] == "/health/"


@pytest.mark.beyond("comfort")
def test_health_answers_a_head_request_without_a_body():
    response = Client().head("/health/")

    assert response.status_code == 200
    assert response.content == b""


@pytest.mark.beyond("hostile")
@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_health_refuses_to_be_written_to(method):
    response = getattr(Client(), method)("/health/")

    assert response.status_code == 405
    assert response["Allow"] == "GET, HEAD"


@pytest.mark.beyond("comfort")
def test_health_starts_no_session():
    assert not Client().get("/health/").cookies


@pytest.mark.beyond("hostile")
def test_a_guest_may_ask_for_health(guest):
    assert guest.get("/health/").content == b"ok"


@pytest.mark.switch
def test_health_stays_on_with_every_milestone_off(guest, milestones):
    milestones.only()

    assert guest.get("/health/").content == b"ok"


@pytest.mark.beyond("comfort")
def test_readiness_names_every_dependency(guest):
    response = guest.get("/health/ready/")

    assert response.status_code == 200
    states = json.loads(response.content)
    assert states["database"] == "ok"
    assert states["cache"] == "ok"


@pytest.mark.beyond("outages")
def test_readiness_fails_when_the_database_is_out_of_reach(guest, monkeypatch):
    def refuse(*args, **kwargs):
        raise OSError("connection refused to 10.0.0.5")

    with monkeypatch.context() as broken:
        broken.setattr(connection, "cursor", refuse)
        response = guest.get("/health/ready/")

    assert response.status_code == 503
    assert json.loads(response.content)["database"] == "unreachable"
    assert b"10.0.0.5" not in response.content


@pytest.mark.beyond("outages")
def test_readiness_fails_when_the_database_takes_the_call_and_does_not_answer(guest):
    """A connection that was opened before the database went away."""

    def broken(execute, sql, params, many, context):
        if sql == "SELECT 1":
            raise OSError("server closed the connection unexpectedly")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(broken):
        response = guest.get("/health/ready/")

    assert response.status_code == 503
    assert json.loads(response.content)["database"] == "unreachable"


@pytest.mark.beyond("outages")
def test_readiness_fails_when_the_cache_is_out_of_reach(guest, monkeypatch):
    def refuse(*args, **kwargs):
        raise ConnectionError("no cache")

    monkeypatch.setattr(caches["default"], "get", refuse)
    response = guest.get("/health/ready/")

    assert response.status_code == 503
    assert json.loads(response.content)["cache"] == "unreachable"


@pytest.mark.beyond("outages")
def test_readiness_fails_when_the_cache_forgives_being_away_but_keeps_nothing(guest, monkeypatch):
    monkeypatch.setattr(caches["default"], "get", lambda key, default=None, version=None: default)

    assert guest.get("/health/ready/").status_code == 503


@pytest.mark.beyond("hostile")
def test_readiness_refuses_to_be_written_to(guest):
    assert guest.post("/health/ready/").status_code == 405


@pytest.mark.beyond("comfort")
def test_an_unknown_address_answers_a_page_of_our_own(guest):
    response = guest.get("/nowhere/")

    assert response.status_code == 404
    assert b"<main" in response.content
    assert b"data-switched-off" not in response.content
