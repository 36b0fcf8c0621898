"""Milestone 19, beyond: what a webhook's signature covers, and a delivery that somebody sends once more."""

import httpx
import pytest
import time_machine
from model_bakery import baker

from clients.models import WebhookDelivery
from clients.webhooks import posting, receiver, signing

pytestmark = pytest.mark.django_db
NOW = 1_700_000_000
GOOD = {
    "secret": "secret",
    "timestamp": str(NOW),
    "delivery": "5",
    "event": "order.created",
    "body": b'{"amount":"12.50"}',
    "now": NOW,
}
SIGNATURE = signing.sign("secret", NOW, "5", "order.created", GOOD["body"])


@pytest.mark.parametrize(
    "changed",
    [
        {"secret": "other"},
        {"timestamp": str(NOW + 1)},
        {"timestamp": ""},
        {"timestamp": "١٧"},
        {"delivery": "6"},
        {"delivery": ""},
        {"event": "orders.created"},
        {"event": ""},
        {"body": b'{"amount":"12.51"}'},
        {"now": NOW + 301},
        {"now": NOW - 301},
        # The same text, parted elsewhere.
        {"delivery": "5.order", "event": "created"},
        {"event": "order", "body": b'created.{"amount":"12.50"}'},
        {"event": 'order.created.{"amount":"12', "body": b'50"}'},
        {"timestamp": f"{NOW}.5", "delivery": "order"},
    ],
)
def test_whatever_is_changed_the_signature_is_good_no_longer(changed):
    signing.verify(**GOOD | {"now": NOW + 300}, signature=SIGNATURE)
    with pytest.raises(signing.BadSignatureError):
        signing.verify(**GOOD | changed, signature=SIGNATURE)


@pytest.fixture
def sent(milestones) -> httpx.Request:
    payload = {"type": "orders.created", "count": 3}
    subscription = {"subscription__url": "https://93.184.216.34/", "subscription__secret": "secret"}
    delivery = baker.make(WebhookDelivery, payload=payload, **subscription)
    with httpx.Client() as client, time_machine.travel(NOW, tick=False):
        return posting.request_for(client, delivery)


def received(rules: receiver.Rules, request: httpx.Request, **headers: str) -> int:
    """What the example receiver answers to this request, its headers changed."""
    with time_machine.travel(NOW + 10, tick=False):
        status, _ = rules.judge({**request.headers, **headers}, request.content)
    return int(status)


def test_a_delivery_cannot_be_sent_again_under_another_number(sent):
    rules = receiver.Rules("secret")
    assert received(rules, sent) == 200
    assert received(rules, sent, **{signing.DELIVERY.lower(): "999"}) == 401
    assert received(rules, sent, **{signing.EVENT.lower(): "order.created"}) == 401
    without = httpx.Request("POST", sent.url, headers=sent.headers, content=sent.content)
    del without.headers[signing.SIGNATURE]
    assert received(rules, without, **{signing.DELIVERY.lower(): "999"}) == 401, (
        "the older signature is enough"
    )


def test_a_receiver_that_knows_only_the_older_signature_still_gets_it(sent):
    timestamp = int(sent.headers["X-CRM-Timestamp"])
    assert sent.headers["X-CRM-Signature"] == signing.sign_as_before("secret", timestamp, sent.content)
