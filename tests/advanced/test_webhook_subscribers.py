"""Webhooks: from an order to its deliveries, and the admin's pages."""

import logging
import threading
from datetime import timedelta

import pytest
from celery.exceptions import Retry
from django.db import OperationalError
from django.utils import timezone
from model_bakery import baker

from clients.models import Client, Order, WebhookDelivery, WebhookSubscription
from clients.webhooks import background, deliver, dispatch, tasks
from tests.fixtures import assert_refused, page
from tests.webhooks import FAILED, PAYLOAD, SECRET, URL

pytestmark = pytest.mark.django_db


@pytest.fixture
def subscription(milestones, settings) -> WebhookSubscription:
    settings.WEBHOOK_ALLOW_PRIVATE = True
    return baker.make(WebhookSubscription, url=URL, secret=SECRET, active=True)


@pytest.fixture
def delivery(subscription) -> WebhookDelivery:
    return baker.make(WebhookDelivery, subscription=subscription, event_id=7, payload=PAYLOAD)


@pytest.fixture
def handed_over(monkeypatch) -> list[list[int]]:
    """The deliveries that would have been started on another thread."""
    started: list[list[int]] = []
    monkeypatch.setattr(tasks, "in_background", lambda work, *args, delay=0: started.append(*args))
    return started


# --- From an order to its deliveries ----------------------------------------------------------------------------------
@pytest.mark.contrast
def test_a_new_order_is_delivered_to_every_active_subscription(
    subscription, handed_over, django_capture_on_commit_callbacks
):
    other = baker.make(WebhookSubscription, url="https://mail.com/hook", active=True)
    baker.make(WebhookSubscription, url="https://mail.com/off", active=False)
    with django_capture_on_commit_callbacks(execute=True):
        order = baker.make(Order, title="Desk", amount=3)
    rows = list(WebhookDelivery.objects.order_by("pk"))
    assert [(row.subscription, row.event_id) for row in rows] == [(subscription, order.pk), (other, order.pk)]
    assert rows[0].payload["order"] == {"id": order.pk, "title": "Desk", "amount": "3.00", "status": "NEW"}
    assert handed_over == [[row.pk for row in rows]]


@pytest.mark.contrast
def test_a_bulk_creation_is_one_delivery(subscription, handed_over, django_capture_on_commit_callbacks):
    client = baker.make(Client)
    with django_capture_on_commit_callbacks(execute=True):
        orders = Order.objects.bulk_create(baker.prepare(Order, client=client, _quantity=4))
    rows = [
        (row.payload["type"], row.payload.get("count"), row.event_id) for row in WebhookDelivery.objects.all()
    ]
    assert rows == [("orders.created", 4, orders[-1].pk)]


def test_off_nobody_is_told(subscription, handed_over, milestones, django_capture_on_commit_callbacks):
    milestones.off("live-orders")
    with django_capture_on_commit_callbacks(execute=True):
        baker.make(Order)
    assert (WebhookDelivery.objects.count(), handed_over) == (0, [])


def test_without_subscribers_an_order_costs_one_query_more(milestones, django_assert_num_queries):
    order = baker.make(Order)
    with django_assert_num_queries(1):
        dispatch.record_deliveries([order.pk])


def test_an_order_and_its_deliveries_are_stored_together_or_not_at_all(subscription, monkeypatch):
    def gone(rows) -> None:
        raise OperationalError("terminating connection")

    monkeypatch.setattr(dispatch.WebhookDelivery.objects, "bulk_create", gone)
    with pytest.raises(OperationalError):
        baker.make(Order)
    assert not Order.objects.exists()


def test_deliveries_that_cannot_be_started_do_not_undo_the_order(
    subscription, monkeypatch, caplog, django_capture_on_commit_callbacks
):
    def fail(ids) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(dispatch, "queue_deliveries", fail)
    with django_capture_on_commit_callbacks(execute=True):
        order = baker.make(Order)
    assert WebhookDelivery.objects.get().event_id == order.pk
    assert "can't start new thread" in caplog.text


# --- Workers and threads ----------------------------------------------------------------------------------------------
def test_with_a_broker_each_delivery_is_a_task(settings, monkeypatch):
    settings.CELERY_TASK_ALWAYS_EAGER = False
    sent = []
    monkeypatch.setattr(tasks.deliver, "delay", sent.append)
    monkeypatch.setattr(tasks, "take_overdue", lambda: [9])
    tasks.start([1, 2])
    assert sent == [1, 2]
    tasks.sweep()
    assert sent == [1, 2, 9]


@pytest.mark.parametrize("delay,retried", [(None, []), (5.0, [5.0]), (80.0, [])])
def test_a_short_wait_is_a_retry_of_the_task_and_a_long_one_is_left_to_the_sweep(monkeypatch, delay, retried):
    waits = []

    def retry(countdown: float) -> Retry:
        waits.append(countdown)
        return Retry()

    monkeypatch.setattr(tasks, "attempt", lambda pk: delay)
    monkeypatch.setattr(tasks.deliver, "retry", retry)
    if retried:
        with pytest.raises(Retry):
            tasks.deliver(1)
    else:
        tasks.deliver(1)
    assert waits == retried


def test_without_a_broker_threads_deliver_and_wait_before_they_try_again(monkeypatch):
    waiting, tried = [], []
    delays = {1: 5.0, 2: None, 3: 80.0}
    monkeypatch.setattr(tasks, "attempt", lambda pk: tried.append(pk) or delays[pk])
    monkeypatch.setattr(tasks, "take_overdue", lambda: [3])
    monkeypatch.setattr(tasks, "in_background", lambda work, *args, delay=0: waiting.append((args, delay)))
    tasks.start([1, 2])
    assert (tried, waiting) == ([1, 2, 3], [((1,), 5.0)])


@pytest.mark.parametrize("delay", [0, 0.05])
def test_background_work_runs_on_another_thread(delay):
    done = threading.Event()
    names = []

    def work(*args) -> None:
        names.append((threading.current_thread().name.partition("_")[0], args))
        done.set()

    background.in_background(work, 1, 2, delay=delay)
    assert done.wait(5)
    assert names == [("webhooks", (1, 2))]


def test_background_work_that_fails_is_logged(caplog):
    def work() -> None:
        raise ConnectionError("no broker")

    # On a thread of its own, for it closes that thread's connections when it is done.
    thread = threading.Thread(target=background._contained, args=[work])
    with caplog.at_level(logging.ERROR):
        thread.start()
        thread.join()
    assert "work failed" in caplog.text


# --- The admin --------------------------------------------------------------------------------------------------------
ADMIN = "/admin/clients/webhooksubscription/"
LOG = "/admin/clients/webhookdelivery/"


def test_a_subscription_is_added_with_a_secret_that_is_shown_only_then(admin_client):
    secret = page(admin_client.get(f"{ADMIN}add/")).select_one("#id_secret")["value"]
    assert len(secret) == 43
    admin_client.post(f"{ADMIN}add/", {"url": "https://mail.com/hook", "secret": secret, "active": "on"})
    row = WebhookSubscription.objects.get()
    assert (row.url, row.secret, row.active) == ("https://mail.com/hook", secret, True)
    assert secret not in admin_client.get(f"{ADMIN}{row.pk}/change/").content.decode()


@pytest.mark.parametrize("url", ["ftp://mail.com/", "http://user:pw@mail.com/", "nonsense:"])
def test_a_url_that_will_not_be_called_is_refused_by_the_form(admin_client, url):
    answer = admin_client.post(f"{ADMIN}add/", {"url": url, "secret": "x", "active": "on"})
    assert page(answer).select(".errorlist") != []
    assert not WebhookSubscription.objects.exists()


def test_a_subscription_that_was_switched_off_starts_from_zero_again(admin_client, subscription):
    for switch_on in (
        lambda: admin_client.post(f"{ADMIN}{subscription.pk}/change/", {"url": URL, "active": "on"}),
        lambda: admin_client.post(ADMIN, {"action": "switch_on", "_selected_action": [subscription.pk]}),
    ):
        WebhookSubscription.objects.update(active=False, failures=5)
        switch_on()
        subscription.refresh_from_db()
        assert (subscription.active, subscription.failures, subscription.secret) == (True, 0, SECRET)


def test_a_delivery_can_be_sent_again_and_not_be_changed(admin_client, delivery, handed_over):
    WebhookDelivery.objects.update(
        status=FAILED, attempts=8, next_attempt_at=timezone.now() + timedelta(days=1)
    )
    assert "12.50" in admin_client.get(f"{LOG}{delivery.pk}/change/").content.decode()
    assert_refused(admin_client.get(f"{LOG}add/"))
    assert_refused(admin_client.post(f"{LOG}{delivery.pk}/change/", {"status": "DELIVERED"}))
    admin_client.post(LOG, {"action": "deliver_again", "_selected_action": [delivery.pk]})
    assert handed_over == [[delivery.pk]]
    assert deliver.claim(delivery.pk).attempts == 1


def test_the_log_lists_deliveries_and_their_errors(admin_client, delivery):
    WebhookDelivery.objects.update(last_error="Answered 500.")
    assert "Answered 500." in admin_client.get(LOG).content.decode()
    assert str(delivery) == f"order 7 to {URL}"


def test_strangers_see_no_webhooks(learner_client, manager_client):
    assert_refused(manager_client.get(ADMIN))
    assert learner_client.get(ADMIN).status_code == 302


def test_off_the_admin_has_no_webhooks(admin_client, milestones):
    assert "Webhook" in admin_client.get("/admin/").content.decode()
    milestones.off("live-orders")
    assert "Webhook" not in admin_client.get("/admin/").content.decode()
