"""Webhooks: a delivery is tried until it arrives or is given up."""

import socket
from datetime import timedelta
from unittest.mock import patch

import httpx
import pytest
import time_machine
from celery.exceptions import SoftTimeLimitExceeded
from django.db.models import QuerySet
from django.utils import timezone
from model_bakery import baker

from clients.models import WebhookDelivery, WebhookSubscription
from clients.webhooks import deliver, posting, tasks
from clients.webhooks.outcome import Outcome
from tests.webhooks import DELIVERED, FAILED, PAYLOAD, PENDING, SECRET, URL

pytestmark = pytest.mark.django_db


@pytest.fixture
def subscription(milestones, settings) -> WebhookSubscription:
    settings.WEBHOOK_ALLOW_PRIVATE = True
    return baker.make(WebhookSubscription, url=URL, secret=SECRET, active=True)


@pytest.fixture
def delivery(subscription) -> WebhookDelivery:
    return baker.make(WebhookDelivery, subscription=subscription, event_id=7, payload=PAYLOAD)


# --- Attempts ---------------------------------------------------------------------------------------------------------
@pytest.fixture
def answers(monkeypatch):
    """What the next attempts come to, instead of any request."""

    def set_to(*outcomes: Outcome) -> None:
        waiting = list(outcomes)
        monkeypatch.setattr(posting, "post", lambda delivery: waiting.pop(0))

    return set_to


OK, NO = Outcome(200), Outcome(500, "Answered 500.")


def due_again(delivery: WebhookDelivery) -> None:
    WebhookDelivery.objects.filter(pk=delivery.pk).update(next_attempt_at=timezone.now())


def test_the_waits_grow_fourfold_and_end_at_an_hour(monkeypatch):
    monkeypatch.setattr("clients.site.backoff.uniform", lambda low, high: 1)
    waits = [deliver.wait_after(attempts) for attempts in range(1, 9)]
    assert waits == [5, 20, 80, 320, 1280, 3600, 3600, 3600]


def test_the_waits_differ_from_delivery_to_delivery():
    waits = {deliver.wait_after(2) for _ in range(50)}
    assert len(waits) > 40
    assert all(15 <= wait <= 20 for wait in waits)


def test_a_delivery_is_not_tried_before_it_is_due(delivery, answers):
    answers(NO, OK)
    assert deliver.attempt(delivery.pk) is not None
    assert deliver.attempt(delivery.pk) is None
    delivery.refresh_from_db()
    assert (delivery.status, delivery.attempts) == (PENDING, 1)
    due_again(delivery)
    assert deliver.attempt(delivery.pk) is None
    delivery.refresh_from_db()
    assert (delivery.status, delivery.attempts, delivery.last_error) == (DELIVERED, 2, "")


def test_a_delivery_that_arrived_is_not_sent_again(delivery, answers):
    answers(OK)
    deliver.attempt(delivery.pk)
    due_again(delivery)
    assert deliver.attempt(delivery.pk) is None
    assert deliver.attempt(delivery.pk + 1) is None


def test_a_claim_of_a_worker_that_died_is_free_again_after_a_while(delivery):
    assert deliver.claim(delivery.pk) is not None
    assert deliver.claim(delivery.pk) is None
    with time_machine.travel(timezone.now() + deliver.LEASE + timedelta(seconds=1)):
        assert deliver.claim(delivery.pk).attempts == 2


def test_after_the_last_attempt_a_delivery_is_given_up(delivery, answers, caplog):
    answers(NO)
    WebhookDelivery.objects.update(attempts=deliver.MAX_ATTEMPTS - 1)
    assert deliver.attempt(delivery.pk) is None
    delivery.refresh_from_db()
    assert (delivery.status, delivery.attempts, delivery.last_error) == (FAILED, 8, "Answered 500.")
    assert (delivery.subscription.failures, delivery.subscription.active) == (1, True)
    assert SECRET not in caplog.text


def test_a_subscription_where_nothing_arrives_is_switched_off_and_no_longer_called(
    subscription, answers, caplog
):
    rows = baker.make(
        WebhookDelivery,
        subscription=subscription,
        attempts=7,
        payload=PAYLOAD,
        event_id=iter(range(6)),
        _quantity=6,
    )
    answers(*[NO] * 5)
    for row in rows:
        assert deliver.attempt(row.pk) is None
    subscription.refresh_from_db()
    assert (subscription.failures, subscription.active) == (5, False)
    assert WebhookDelivery.objects.filter(status=PENDING).count() == 1
    assert caplog.text.count("is switched off") == 1
    assert URL not in caplog.text


@pytest.mark.parametrize(
    "error,text",
    [
        (httpx.ConnectTimeout("timed out"), "ConnectTimeout: timed out"),
        (socket.gaierror(-2, "Name or service not known"), "gaierror: [Errno -2] Name or service not known"),
        (SoftTimeLimitExceeded(), "It took too long."),
    ],
)
def test_a_request_that_fails_is_noted(delivery, monkeypatch, error, text):
    def fail(*args, **kwargs):
        raise error

    monkeypatch.setattr(httpx.Client, "send", fail)
    assert deliver.attempt(delivery.pk) is not None
    delivery.refresh_from_db()
    assert (delivery.last_error, delivery.response_status) == (text, None)


def test_a_receiver_that_does_not_listen_is_noted(delivery):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    WebhookSubscription.objects.update(url=f"http://127.0.0.1:{port}/")
    assert deliver.attempt(delivery.pk) is not None
    delivery.refresh_from_db()
    assert delivery.last_error.startswith("ConnectError: ")


def test_what_was_forgotten_is_taken_up_once(subscription):
    now = timezone.now()
    times = [now - timedelta(minutes=5), now - timedelta(seconds=30), now + timedelta(minutes=5)]
    forgotten, *_ = [
        baker.make(
            WebhookDelivery,
            subscription=subscription,
            payload={},
            event_id=number,
            attempts=4,
            next_attempt_at=when,
        )
        for number, when in enumerate(times)
    ]
    assert deliver.take_overdue() == [forgotten.pk]
    assert deliver.take_overdue() == []
    forgotten.refresh_from_db()
    assert forgotten.next_attempt_at <= timezone.now()


@pytest.mark.parametrize("attempts", [0, 1, 4])
def test_what_a_clock_that_was_ahead_has_planned_is_due_now(delivery, attempts):
    WebhookDelivery.objects.update(attempts=attempts, next_attempt_at=timezone.now() + timedelta(hours=1))
    assert deliver.claim(delivery.pk)
    assert deliver.claim(delivery.pk) is None


def test_what_a_clock_that_was_ahead_has_planned_is_swept_up(delivery):
    WebhookDelivery.objects.update(attempts=1, next_attempt_at=timezone.now() + timedelta(hours=1))
    assert deliver.take_overdue() == [delivery.pk]
    assert deliver.take_overdue() == []


def test_what_a_worker_claims_while_it_is_taken_up_stays_the_workers(subscription):
    long_ago = timezone.now() - timedelta(minutes=5)
    forgotten = baker.make(
        WebhookDelivery, subscription=subscription, payload={}, event_id=1, next_attempt_at=long_ago
    )
    update = QuerySet.update

    def claimed_first(rows, **values):
        with patch.object(QuerySet, "update", update):
            assert deliver.claim(forgotten.pk)
            return update(rows, **values)

    with patch.object(QuerySet, "update", claimed_first):
        deliver.take_overdue()
    assert deliver.claim(forgotten.pk) is None


def test_the_log_is_kept_for_thirty_days(subscription):
    kept = baker.make(WebhookDelivery, subscription=subscription, payload={}, event_id=1)
    with time_machine.travel(timezone.now() - timedelta(days=31)):
        baker.make(WebhookDelivery, subscription=subscription, payload={}, event_id=2)
    tasks.forget()
    assert list(WebhookDelivery.objects.all()) == [kept]
