"""The HTTP request of one delivery: signed, to an address that was checked."""

import json
import ssl
import time
from contextlib import closing
from functools import cache

import httpx
from celery.exceptions import SoftTimeLimitExceeded

from clients.models import WebhookDelivery
from clients.webhooks import signing
from clients.webhooks.addresses import AddressRefusedError, target_of
from clients.webhooks.outcome import Outcome

TIMEOUT = httpx.Timeout(5.0, connect=3.0)


def post(delivery: WebhookDelivery) -> Outcome:
    """Sends it. The answer's body is not read: nobody here wants it, and it could be endless."""
    try:
        with (
            httpx.Client(timeout=TIMEOUT, trust_env=False, verify=tls(), follow_redirects=False) as client,
            closing(client.send(request_for(client, delivery), stream=True)) as response,
        ):
            return outcome_of(response.status_code)
    except AddressRefusedError as error:
        return Outcome(error=str(error))
    except SoftTimeLimitExceeded:
        return Outcome(error="It took too long.")
    except (httpx.HTTPError, httpx.InvalidURL, OSError, UnicodeError) as error:
        return Outcome(error=f"{type(error).__name__}: {error}"[:300])


def request_for(client: httpx.Client, delivery: WebhookDelivery) -> httpx.Request:
    """The signed request, to the address that was checked. Raises AddressRefusedError and OSError."""
    target = target_of(delivery.subscription.url, turn=delivery.attempts - 1)
    body = json.dumps(delivery.payload, ensure_ascii=False, separators=(",", ":")).encode()
    headers = {
        "Host": target.host,
        "Content-Type": "application/json",
        "User-Agent": "mini-crm-webhooks",
        **signed_headers(delivery, body),
    }
    names = {"sni_hostname": target.server_name}
    return client.build_request("POST", target.url, content=body, headers=headers, extensions=names)


def signed_headers(delivery: WebhookDelivery, body: bytes) -> dict[str, str]:
    """What tells the receiver which delivery this is, and that it is ours."""
    secret, timestamp = delivery.subscription.secret, int(time.time())
    number, event = str(delivery.pk), str(delivery.payload.get("type", ""))
    return {
        signing.EVENT: event,
        signing.DELIVERY: number,
        signing.TIMESTAMP: str(timestamp),
        signing.SIGNATURE: signing.sign(secret, timestamp, number, event, body),
        signing.OLD_SIGNATURE: signing.sign_as_before(secret, timestamp, body),
    }


def outcome_of(status: int) -> Outcome:
    if 200 <= status < 300:
        return Outcome(status)
    if 300 <= status < 400:
        return Outcome(status, f"Answered {status}; redirects are not followed.")
    return Outcome(status, f"Answered {status}.")


@cache
def tls() -> ssl.SSLContext:
    """Certificates are checked; reading the trusted ones takes a while, so it is done once."""
    return httpx.create_ssl_context(trust_env=False)
