"""Milestone 19, beyond: other programs are told of new orders by signed HTTP requests.

The cassettes are recorded from the receiver that the repository ships (clients/webhooks/receiver.py):
`pytest tests/advanced/test_webhooks.py --record-mode=rewrite -m vcr` starts it and records them anew.
"""

import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from django.core.management import call_command
from django.utils import timezone
from model_bakery import baker

from clients.models import WebhookDelivery, WebhookSubscription
from clients.webhooks import deliver, receiver, signing
from tests.webhooks import DELIVERED, PAYLOAD, PENDING, SECRET, URL

pytestmark = pytest.mark.django_db


CASSETTES = Path(__file__).with_name("cassettes")


@pytest.fixture
def subscription(milestones, settings) -> WebhookSubscription:
    settings.WEBHOOK_ALLOW_PRIVATE = True
    return baker.make(WebhookSubscription, url=URL, secret=SECRET, active=True)


@pytest.fixture
def delivery(subscription) -> WebhookDelivery:
    return baker.make(WebhookDelivery, subscription=subscription, event_id=7, payload=PAYLOAD)


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
