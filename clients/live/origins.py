"""Whose pages may open a socket.

A handshake carries the visitor's session cookie whichever site opened it, and no CSRF token. So the browser's own word
for where the page comes from decides. Channels' AllowedHostsOriginValidator looks at the host's name alone: it lets in
another program on another port, and everybody when ALLOWED_HOSTS is "*".
"""

from typing import Any
from urllib.parse import urlsplit

from asgiref.typing import ASGIReceiveCallable, ASGISendCallable
from django.conf import settings
from django.http.request import split_domain_port, validate_host


class OwnPagesOnly:
    """ASGI middleware: refuses a handshake that another site's page opened, or that does not say."""

    def __init__(self, application: Any) -> None:
        self.application = application

    async def __call__(
        self, scope: dict[str, Any], receive: ASGIReceiveCallable, send: ASGISendCallable
    ) -> None:
        if is_own_page(header(scope, b"origin"), header(scope, b"host")):
            await self.application(scope, receive, send)
        else:
            await refuse(scope, receive, send)


def header(scope: dict[str, Any], name: bytes) -> str:
    """The header's value; empty when it is missing or sent twice."""
    values = [value for key, value in scope["headers"] if key == name]
    return values[0].decode("latin-1") if len(values) == 1 else ""


def is_own_page(origin: str, host: str) -> bool:
    """Whether the Origin names the host and port asked for, or is one of CSRF_TRUSTED_ORIGINS."""
    name, _ = split_domain_port(host)
    if not name or not validate_host(name, settings.ALLOWED_HOSTS):
        return False
    if origin in settings.CSRF_TRUSTED_ORIGINS:
        return True
    try:
        page = urlsplit(origin)
    except ValueError:
        return False
    return page.scheme in {"http", "https"} and page.netloc.lower() == host.lower()


async def refuse(scope: dict[str, Any], receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
    """Ends a handshake with 403."""
    await receive()
    await send({"type": "websocket.close", "code": 1008, "reason": None})
