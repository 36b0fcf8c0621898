"""Milestone 19, beyond: a webhook trusts no certificate that cannot be checked, and no proxy of the environment."""

import ssl
from unittest.mock import patch

import httpx
import pytest
from model_bakery import baker

from clients.models import WebhookDelivery, WebhookSubscription
from clients.webhooks import deliver, posting

pytestmark = pytest.mark.django_db


@pytest.fixture
def options(milestones) -> dict:
    """What the client of one attempt is made with."""
    subscription = baker.make(WebhookSubscription, url="https://93.184.216.34/hook", active=True)
    delivery = baker.make(WebhookDelivery, subscription=subscription, event_id=7, payload={})
    made: dict = {}

    class Watched(httpx.Client):
        def __init__(self, **options) -> None:
            made.update(options)
            super().__init__(**options)

        def send(self, request, **how):
            made.update(how)
            raise httpx.ConnectError("nobody is asked in a test")

    with patch.object(posting.httpx, "Client", Watched):
        deliver.attempt(delivery.pk)
    return made


def test_the_certificate_and_its_name_are_checked(options):
    context = options["verify"]

    assert (context.verify_mode, context.check_hostname) == (ssl.CERT_REQUIRED, True)


def test_a_proxy_of_the_environment_does_not_get_the_deliveries(options):
    """It could connect to another address than the one that was checked."""
    assert options["trust_env"] is False


def test_an_answer_without_an_end_is_not_waited_for(options):
    assert options["stream"] is True
