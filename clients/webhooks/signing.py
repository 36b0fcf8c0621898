"""How a receiver knows that a delivery is ours and is not an old one sent again.

The signature is HMAC-SHA256 with the subscription's secret over `<timestamp>.<delivery>.<event>.<body>`, as
`sha256=<hex>`, in X-CRM-Signature-V2. The delivery's number is part of it: a receiver that remembers the numbers
recognises a delivery that is sent to it again, and nobody can give an old one a new number.

X-CRM-Signature is the older one, over `<timestamp>.<body>`. It is still sent, for receivers that know no other, and
goes with the next version.
"""

import hashlib
import hmac
import re

EVENT = "X-CRM-Event"
DELIVERY = "X-CRM-Delivery"
TIMESTAMP = "X-CRM-Timestamp"
SIGNATURE = "X-CRM-Signature-V2"
OLD_SIGNATURE = "X-CRM-Signature"

# Seconds between our clock and the receiver's, the way included.
TOLERANCE = 300
# What the parts may look like. Each has a fixed number of dots, so that none can borrow from its neighbour.
NUMBER = re.compile(r"[0-9]{1,20}")
EVENT_NAME = re.compile(r"[a-z]+\.[a-z]+")


class BadSignatureError(ValueError):
    """Not signed with this secret, or not lately; the message says which."""


def sign(secret: str, timestamp: int, delivery: str, event: str, body: bytes) -> str:
    return digest(secret, f"{timestamp}.{delivery}.{event}.".encode() + body)


def sign_as_before(secret: str, timestamp: int, body: bytes) -> str:
    """The older signature, which says nothing of the delivery's number and event."""
    return digest(secret, f"{timestamp}.".encode() + body)


def digest(secret: str, signed: bytes) -> str:
    return f"sha256={hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()}"


def verify(
    secret: str, timestamp: str, delivery: str, event: str, body: bytes, signature: str, *, now: float
) -> None:
    """Raises BadSignatureError. Receivers should do the same; `now` is in seconds since 1970, like the timestamp."""
    if not NUMBER.fullmatch(timestamp):
        raise BadSignatureError("The timestamp is missing or is no number.")
    if not (NUMBER.fullmatch(delivery) and EVENT_NAME.fullmatch(event)):
        raise BadSignatureError("The delivery's number or its event is missing or looks wrong.")
    expected = sign(secret, int(timestamp), delivery, event, body)
    if not hmac.compare_digest(expected.encode(), signature.encode()):
        raise BadSignatureError(
            "The signature does not belong to this body, timestamp, delivery, event and secret."
        )
    if abs(now - int(timestamp)) > TOLERANCE:
        raise BadSignatureError("The timestamp is more than five minutes away.")
