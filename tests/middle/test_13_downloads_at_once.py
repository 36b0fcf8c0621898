"""Milestone 13: slow downloads hold some of the server's threads, never all of them."""

import socket
import time

import pytest
from django.core.signals import request_finished
from django.db import close_old_connections
from model_bakery import baker

from clients.models import Client
from clients.site import downloads
from tests.fixtures import browser_of, person

pytestmark = [pytest.mark.django_db, pytest.mark.beyond("hostile")]
EXPORT = "/clients/export.csv"


@pytest.fixture(autouse=True)
def no_downloads(monkeypatch):
    monkeypatch.setattr(downloads, "slots", downloads.Slots())


def close(answer) -> None:
    """As a server does when the visitor hangs up; the test's own connection to the database stays open."""
    request_finished.disconnect(close_old_connections)
    try:
        answer.close()
    finally:
        request_finished.connect(close_old_connections)


def test_a_visitor_has_two_downloads_at_once_and_the_next_when_one_is_done(learner_client):
    first, second = learner_client.get(EXPORT), learner_client.get(EXPORT)
    refused = learner_client.get(EXPORT)
    assert [first.status_code, second.status_code, refused.status_code] == [200, 200, 429]
    assert refused["Retry-After"] == "30"
    assert "You have other downloads under way." in refused.content.decode()

    close(first)
    assert b"".join(learner_client.get(EXPORT).streaming_content).startswith(b"\xef\xbb\xbf")


def test_all_visitors_together_leave_half_of_the_threads_free(milestones):
    browsers = [browser_of(person(f"user{number}")) for number in range(3)]
    answers = [browser.get(EXPORT) for browser in browsers for _ in range(2)]

    assert [answer.status_code for answer in answers] == [200] * 4 + [429] * 2
    assert "Many people are downloading" in answers[-1].content.decode()


def test_a_download_that_was_read_never_begun_or_broken_holds_nothing(learner_client, monkeypatch):
    for _ in range(3):
        b"".join(learner_client.get(EXPORT).streaming_content)
        close(learner_client.get(EXPORT))
        learner_client.head(EXPORT)
    monkeypatch.setattr("clients.exports.views.csv_response", lambda *args: 1 / 0)
    for _ in range(3):
        with pytest.raises(ZeroDivisionError):
            learner_client.get(EXPORT)
    monkeypatch.undo()
    assert learner_client.get(EXPORT).status_code == 200


def test_a_download_that_takes_too_long_is_cut_off(learner_client, monkeypatch):
    monkeypatch.setattr(downloads, "LONGEST", 0.05)
    baker.make(Client)
    ours, visitors = socket.socketpair()
    with ours, visitors:
        answer = learner_client.get(EXPORT, **{"gunicorn.socket": ours})
        visitors.settimeout(3)
        started = time.monotonic()
        assert visitors.recv(1) == b"", "the connection was not closed"
        assert time.monotonic() - started < 2
        close(answer)
