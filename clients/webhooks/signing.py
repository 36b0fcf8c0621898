"""How a receiver knows that a delivery is ours and is not an old one sent again.

The signature is HMAC-SHA256 with the subscription's secret over `<timestamp>.<body>`, as `sha256=<hex>`.
"""

import hashlib
import hmac

EVENT = "X-CRM-Event"
DELIVERY = "X-CRM-Delivery"
TIMESTAMP = "X-CRM-Timestamp"
SIGNATURE = "X-CRM-Signature"

# Seconds between our clock and the receiver's, the way included.
TOLERANCE = 300


class BadSignatureError(ValueError):
    """Not signed with this secret, or not lately; the message says which."""


def sign(secret: str, timestamp: int, body: bytes) -> str:
    digest = hmac.new(secret.encode(), f"{timestamp}.".encode() + body, hashlib.sha256)
    return f"sha256={digest.hexdigest()}"


def verify(secret: str, timestamp: str, body: bytes, signature: str, *, now: float) -> None:
    """Raises BadSignatureError. Receivers should do the same; `now` is in seconds since 1970, like the timestamp."""
    if not (timestamp.isascii() and timestamp.isdigit()):
        raise BadSignatureError("The timestamp is missing or is no number.")
    expected = sign(secret, int(timestamp), body)
    if not hmac.compare_digest(expected.encode(), signature.encode()):
        raise BadSignatureError("The signature does not belong to this body, timestamp and secret.")
    if abs(now - int(timestamp)) > TOLERANCE:
        raise BadSignatureError("The timestamp is more than five minutes away.")
