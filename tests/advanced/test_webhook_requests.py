"""Webhooks: how a delivery is signed, and which addresses are called."""

import ipaddress
import json

import httpx
import pytest
import time_machine
from model_bakery import baker

from clients.models import WebhookDelivery, WebhookSubscription
from clients.webhooks import addresses, deliver, posting, signing
from clients.webhooks.addresses import AddressRefusedError, is_public, target_of
from clients.webhooks.outcome import Outcome
from tests.webhooks import PAYLOAD, PENDING, SECRET, URL

pytestmark = pytest.mark.django_db


@pytest.fixture
def subscription(milestones, settings) -> WebhookSubscription:
    settings.WEBHOOK_ALLOW_PRIVATE = True
    return baker.make(WebhookSubscription, url=URL, secret=SECRET, active=True)


@pytest.fixture
def delivery(subscription) -> WebhookDelivery:
    return baker.make(WebhookDelivery, subscription=subscription, event_id=7, payload=PAYLOAD)


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
        request = posting.request_for(client, delivery)
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
        request = posting.request_for(client, delivery)
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

    def set_to(*outcomes: Outcome) -> None:
        waiting = list(outcomes)
        monkeypatch.setattr(posting, "post", lambda delivery: waiting.pop(0))

    return set_to
