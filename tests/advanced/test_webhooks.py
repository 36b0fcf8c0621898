"""Milestone 19, beyond: other programs are told of new orders by signed HTTP requests.

The cassettes are recorded from the receiver that the repository ships (clients/webhooks/receiver.py):
`pytest tests/advanced/test_webhooks.py --record-mode=rewrite -m vcr` starts it and records them anew.
"""

import ipaddress
import json
import logging
import socket
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from unittest.mock import patch

import httpx
import pytest
import time_machine
from celery.exceptions import Retry, SoftTimeLimitExceeded
from django.core.management import call_command
from django.db.models import QuerySet
from django.utils import timezone
from model_bakery import baker

from clients.models import Client, Order, WebhookDelivery, WebhookSubscription
from clients.webhooks import addresses, background, deliver, dispatch, receiver, signing, tasks
from clients.webhooks.addresses import AddressRefusedError, is_public, target_of
from tests.fixtures import assert_refused, page

pytestmark = pytest.mark.django_db

SECRET = "a-secret-of-two"
URL = "http://127.0.0.1:8765/orders"
PAYLOAD = {
    "type": "order.created",
    "id": 7,
    "order": {"id": 7, "title": "Стул", "amount": "12.50", "status": "NEW"},
    "client": {"id": 3, "name": "Anna Ek", "orders_count": 1, "orders_total": "12.50"},
}
PENDING, DELIVERED, FAILED = WebhookDelivery.Status
CASSETTES = Path(__file__).with_name("cassettes")


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


# --- Cassettes --------------------------------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def vcr_config() -> dict:
    filtered = [signing.SIGNATURE, signing.OLD_SIGNATURE, signing.TIMESTAMP]
    return {
        "filter_headers": [(name, "FILTERED") for name in filtered],
        "before_record_response": without_date,
        "match_on": ["method", "scheme", "host", "port", "path", "query", "body"],
    }


def without_date(response: dict) -> dict:
    response["headers"].pop("date", None)
    return response


def serve(rules: receiver.Rules, port: int = 0) -> Iterator[int]:
    with receiver.make_server(port, rules) as server:
        thread = threading.Thread(target=server.serve_forever, args=[0.05])
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


@pytest.fixture
def recorded(record_mode: str) -> Iterator[receiver.Rules]:
    """The receiver's rules. It runs only while cassettes are recorded."""
    rules = receiver.Rules(SECRET)
    yield from (rules for _ in (serve(rules, 8765) if record_mode != "none" else [0]))


@pytest.mark.vcr
def test_a_delivery_that_is_accepted_is_done(recorded, delivery, vcr):
    WebhookSubscription.objects.update(failures=3)
    assert deliver.attempt(delivery.pk) is None
    delivery.refresh_from_db()
    assert (delivery.status, delivery.attempts, delivery.response_status) == (DELIVERED, 1, 200)
    assert (delivery.last_error, delivery.subscription.failures) == ("", 0)
    assert timezone.now() - delivery.delivered_at < timedelta(seconds=10)
    assert len(vcr) == 1


@pytest.mark.vcr
def test_a_delivery_signed_with_another_secret_is_refused_and_tried_again(recorded, delivery):
    WebhookSubscription.objects.update(secret="not-the-receivers")
    delay = deliver.attempt(delivery.pk)
    delivery.refresh_from_db()
    assert (delivery.status, delivery.response_status) == (PENDING, 401)
    assert delivery.last_error == "Answered 401."
    assert 3.75 <= delay <= 6.25


@pytest.mark.vcr
def test_an_error_of_the_receiver_is_noted_and_tried_again(recorded, delivery):
    recorded.answer = 503
    assert deliver.attempt(delivery.pk) is not None
    delivery.refresh_from_db()
    assert (delivery.status, delivery.response_status) == (PENDING, 503)


@pytest.mark.vcr
def test_a_redirect_is_not_followed(recorded, delivery, vcr):
    recorded.answer = 307
    assert deliver.attempt(delivery.pk) is not None
    delivery.refresh_from_db()
    assert delivery.last_error == "Answered 307; redirects are not followed."
    assert [request.uri for request in vcr.requests] == [URL]


@pytest.mark.parametrize("secret", ["sha256=", SECRET, "not-the-receivers"])
def test_no_cassette_holds_a_signature_or_a_secret(secret):
    files = sorted(CASSETTES.rglob("*.yaml"))
    assert len(files) == 4
    assert [file.name for file in files if secret in file.read_text()] == []


# --- The receiver that is shipped, for real (on this machine) ---------------------------------------------------------
def test_the_shipped_receiver_takes_a_delivery_and_knows_a_repetition(delivery):
    lines = []
    rules = receiver.Rules(SECRET, say=lines.append)
    for port in serve(rules):
        WebhookSubscription.objects.update(url=f"http://localhost:{port}/orders?from=crm")
        for _ in range(2):
            WebhookDelivery.objects.update(status=PENDING, next_attempt_at=timezone.now())
            assert deliver.attempt(delivery.pk) is None
    order = "new order 7, Стул (12.50) for Anna Ek"
    assert lines == [
        f"200  delivery {delivery.pk}: {order}",
        f"200  delivery {delivery.pk} (again): {order}",
    ]


@pytest.mark.parametrize(
    "body,status",
    [(b"not json", 400), (b'{"type": "orders.created", "count": 3}', 200), (b"x" * 1_000_001, 413)],
)
def test_the_receiver_answers_bad_requests(milestones, body, status):
    for port in serve(receiver.Rules(SECRET)):
        now = int(time.time())
        headers = {
            signing.TIMESTAMP: str(now),
            signing.DELIVERY: "7",
            signing.EVENT: "order.created",
            signing.SIGNATURE: signing.sign(SECRET, now, "7", "order.created", body),
        }
        assert httpx.post(f"http://127.0.0.1:{port}/", content=body, headers=headers).status_code == status


def test_the_receivers_command_subscribes_itself_while_it_runs(milestones, monkeypatch, capsys):
    class Stopped:
        def __init__(self, port, rules) -> None:
            self.subscription = WebhookSubscription.objects.get(url=f"http://127.0.0.1:{port}/orders")
            assert (self.subscription.secret, rules.answer) == (rules.secret, 500)

        def __enter__(self):
            return self

        def __exit__(self, *error) -> None: ...

        def serve_forever(self) -> None:
            raise KeyboardInterrupt

    monkeypatch.setattr("clients.management.commands.webhook_receiver.make_server", Stopped)
    call_command("webhook_receiver", "--port", "9999", "--answer", "500")
    assert "Listening on http://127.0.0.1:9999/orders" in capsys.readouterr().out
    assert not WebhookSubscription.objects.exists()


# --- Signing ----------------------------------------------------------------------------------------------------------
def test_the_signature_is_what_anybody_can_compute():
    # printf '1700000000.{"id":7}' | openssl dgst -sha256 -hmac secret
    expected = "sha256=26dca72ca0eb8becc44b5f7ac37ee5f37b669a7b6c18a3ea312ca3e1d15b6767"
    assert signing.sign_as_before("secret", 1_700_000_000, b'{"id":7}') == expected
    # printf '1700000000.5.order.created.{"id":7}' | openssl dgst -sha256 -hmac secret
    expected = "sha256=721201ea7b885f05e8f96006154ff874bc0c1267361d3bbab4c87d28b30fb281"
    assert signing.sign("secret", 1_700_000_000, "5", "order.created", b'{"id":7}') == expected


def test_the_request_says_what_it_is_and_is_signed(delivery):
    with httpx.Client() as client, time_machine.travel(1_700_000_000, tick=False):
        request = deliver.request_for(client, delivery)
    assert json.loads(request.content) == PAYLOAD
    assert request.headers["X-CRM-Event"] == "order.created"
    assert request.headers["X-CRM-Delivery"] == str(delivery.pk)
    assert request.headers["X-CRM-Timestamp"] == "1700000000"
    told = (1_700_000_000, str(delivery.pk), "order.created", request.content)
    assert request.headers["X-CRM-Signature-V2"] == signing.sign(SECRET, *told)
    assert request.headers["X-CRM-Signature"] == signing.sign_as_before(
        SECRET, 1_700_000_000, request.content
    )


# --- Addresses --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.0.0.1", "172.16.0.1", "192.168.1.1", "100.64.0.1", "169.254.169.254", "0.0.0.0",
        "224.0.0.1", "240.0.0.1", "255.255.255.255", "198.18.0.1", "192.0.2.1",
        "::1", "::", "fe80::1", "fec0::1", "fc00::1", "ff02::1", "2001:db8::1", "2001::1",
        "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1", "2002:7f00:1::", "64:ff9b::7f00:1", "64:ff9b:1::a00:1",
    ],
)  # fmt: skip
def test_an_address_that_is_not_public_is_refused(address):
    assert not is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    "address", ["93.184.216.34", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"]
)
def test_a_public_address_is_allowed(address):
    assert is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://2130706433/",
        "http://0x7f.1/",
        "http://[::ffff:127.0.0.1]/",
        "http://localhost:8000/",
    ],
)
def test_a_private_address_is_refused_however_it_is_written(url):
    with pytest.raises(AddressRefusedError, match="is not a public address"):
        target_of(url)


@pytest.mark.parametrize(
    "url",
    [
        "ftp://mail.com/",
        "file:///etc/passwd",
        "//mail.com/",
        "http://",
        "http://user:pw@mail.com/",
        "http://mail.com:notaport/",
    ],
)
def test_a_url_that_is_no_plain_http_is_refused(url):
    with pytest.raises(AddressRefusedError):
        target_of(url)


def resolving_to(monkeypatch, *answers: list[str]) -> list[str]:
    """Each look-up gets the next answer; returns the names that were asked for."""
    asked, waiting = [], list(answers)

    def lookup(name: str, port: int) -> list:
        asked.append(name)
        return [ipaddress.ip_address(text) for text in waiting.pop(0)]

    monkeypatch.setattr(addresses, "lookup", lookup)
    return asked


def test_the_address_that_was_checked_is_the_one_connected_to(delivery, settings, monkeypatch):
    settings.WEBHOOK_ALLOW_PRIVATE = False
    asked = resolving_to(monkeypatch, ["93.184.216.34"], ["127.0.0.1"])
    delivery.subscription.url = "https://bücher.example:8443/hook?x=1"
    with httpx.Client() as client:
        request = deliver.request_for(client, delivery)
    assert str(request.url) == "https://93.184.216.34:8443/hook?x=1"
    assert request.headers["Host"] == "xn--bcher-kva.example:8443"
    assert request.extensions["sni_hostname"] == "xn--bcher-kva.example"
    assert asked == ["xn--bcher-kva.example"]


def test_a_name_with_a_private_address_among_its_addresses_is_refused(monkeypatch):
    resolving_to(monkeypatch, ["93.184.216.34", "10.0.0.1"])
    with pytest.raises(AddressRefusedError, match=r"10\.0\.0\.1 is not a public address"):
        target_of("https://mail.com/")


def test_the_next_attempt_goes_to_the_next_address_of_a_name(monkeypatch):
    resolving_to(monkeypatch, *[["93.184.216.34", "2606:4700::1111"]] * 3)
    hosts = [target_of("http://mail.com/", turn=turn).url.host for turn in range(3)]
    assert hosts == ["93.184.216.34", "2606:4700::1111", "93.184.216.34"]


def test_a_private_address_is_refused_when_it_is_delivered_to(delivery, settings):
    settings.WEBHOOK_ALLOW_PRIVATE = False
    assert deliver.attempt(delivery.pk) is not None
    delivery.refresh_from_db()
    assert (delivery.status, delivery.last_error) == (PENDING, "127.0.0.1 is not a public address.")


# --- Attempts ---------------------------------------------------------------------------------------------------------
@pytest.fixture
def answers(monkeypatch):
    """What the next attempts come to, instead of any request."""

    def set_to(*outcomes: deliver.Outcome) -> None:
        waiting = list(outcomes)
        monkeypatch.setattr(deliver, "post", lambda delivery: waiting.pop(0))

    return set_to


OK, NO = deliver.Outcome(200), deliver.Outcome(500, "Answered 500.")


def due_again(delivery: WebhookDelivery) -> None:
    WebhookDelivery.objects.filter(pk=delivery.pk).update(next_attempt_at=timezone.now())


def test_the_waits_grow_fourfold_and_end_at_an_hour(monkeypatch):
    monkeypatch.setattr(deliver.random, "uniform", lambda low, high: 1)
    waits = [deliver.backoff(attempts) for attempts in range(1, 9)]
    assert waits == [5, 20, 80, 320, 1280, 3600, 3600, 3600]


def test_the_waits_differ_from_delivery_to_delivery():
    waits = {deliver.backoff(2) for _ in range(50)}
    assert len(waits) > 40
    assert all(15 <= wait <= 25 for wait in waits)


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
            WebhookDelivery, subscription=subscription, payload={}, event_id=number, next_attempt_at=when
        )
        for number, when in enumerate(times)
    ]
    assert deliver.take_overdue() == [forgotten.pk]
    assert deliver.take_overdue() == []
    forgotten.refresh_from_db()
    assert forgotten.next_attempt_at <= timezone.now()


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
        dispatch.dispatch_orders([order.pk])


def test_a_dispatch_that_fails_does_not_undo_the_order(
    subscription, monkeypatch, caplog, django_capture_on_commit_callbacks
):
    def fail(ids) -> None:
        raise ConnectionError("no thread left")

    monkeypatch.setattr(dispatch, "new_order_frames", fail)
    with django_capture_on_commit_callbacks(execute=True):
        order = baker.make(Order)
    assert Order.objects.filter(pk=order.pk).exists()
    assert "clients.webhooks.dispatch.announce failed" in caplog.text


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
