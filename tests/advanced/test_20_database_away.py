"""An outage of the database is a 503 with a page of its own; a mistake of ours stays a 500."""

import sqlite3

import psycopg
import pytest
from django.contrib.sessions.middleware import SessionMiddleware
from django.db import InterfaceError, OperationalError, ProgrammingError
from django.test import Client as Browser

from clients.dashboard import views as dashboard
from clients.site import outage

pytestmark = [pytest.mark.django_db, pytest.mark.beyond("outages")]


def caused_by(cause: Exception) -> OperationalError:
    error = OperationalError(str(cause))
    error.__cause__ = cause
    return error


def sqlite_error(code: int) -> sqlite3.OperationalError:
    error = sqlite3.OperationalError("database says no")
    error.sqlite_errorcode = code
    return error


OUTAGES = {
    "no answer": caused_by(psycopg.OperationalError("connection refused")),
    "closed": InterfaceError("connection already closed"),
    "statement_timeout": caused_by(psycopg.errors.QueryCanceled("canceling statement")),
    "shutting down": caused_by(psycopg.errors.AdminShutdown("terminating connection")),
    "too many": caused_by(psycopg.errors.TooManyConnections("sorry, too many clients already")),
    "deadlock": caused_by(psycopg.errors.DeadlockDetected("deadlock detected")),
    "SQLite is locked": caused_by(sqlite_error(sqlite3.SQLITE_BUSY)),
}
MISTAKES = {
    "no such table": caused_by(sqlite_error(sqlite3.SQLITE_ERROR)),
    "undefined column": ProgrammingError("column does not exist"),
    "ours": ValueError("a mistake"),
}


@pytest.fixture
def browser(milestones) -> Browser:
    """One that shows what a visitor sees, also after an error."""
    milestones.off("login-required")
    return Browser(raise_request_exception=False)


def broken(monkeypatch, error: Exception) -> None:
    def fail(*args, **kwargs):
        raise error

    monkeypatch.setattr(dashboard, "summary", fail)


@pytest.mark.parametrize("error", OUTAGES.values(), ids=OUTAGES)
def test_an_outage_is_a_503_that_says_when_to_come_back(browser, monkeypatch, caplog, error):
    broken(monkeypatch, error)
    answer = browser.get("/")

    assert (answer.status_code, answer["Retry-After"]) == (503, str(outage.RETRY_AFTER))
    assert outage.SENTENCE in answer.content.decode()
    assert f"Answered 503 on /: {error}" in caplog.text


def test_an_outage_in_a_view_shows_no_traceback_to_anybody(browser, monkeypatch, settings, caplog):
    """Those are for our mistakes: in the log, and on the page that a developer sees instead of the 500."""
    settings.DEBUG = True
    broken(monkeypatch, OUTAGES["no answer"])

    assert browser.get("/").status_code == 503
    assert [record.message for record in caplog.records if record.exc_info] == []


@pytest.mark.parametrize("error", MISTAKES.values(), ids=MISTAKES)
def test_our_own_mistake_stays_a_500(browser, monkeypatch, error):
    broken(monkeypatch, error)

    assert browser.get("/").status_code == 500


def test_the_page_asks_the_database_nothing(browser, monkeypatch, django_assert_num_queries):
    with django_assert_num_queries(0):
        answer = outage.unavailable(browser.get("/health/").wsgi_request, OUTAGES["no answer"])
    assert answer.status_code == 503


def test_an_outage_outside_of_the_views_is_a_503_too(browser, monkeypatch):
    def fail(self, request, response):
        raise OUTAGES["no answer"]

    monkeypatch.setattr(SessionMiddleware, "process_response", fail)

    assert browser.get("/").status_code == 503


def test_the_api_answers_an_outage_in_json(browser, milestones, monkeypatch):
    def fail(self):
        raise OUTAGES["no answer"]

    milestones.on("read-only-api")
    monkeypatch.setattr("clients.api.views.ClientViewSet.get_queryset", fail)
    answer = browser.get("/api/clients/")

    assert (answer.status_code, answer.json()) == (503, {"detail": outage.SENTENCE})
