"""A small receiver to try the webhooks out with, and an example of how to check a delivery.

It answers 200 to a delivery that is signed with the secret, 401 to any other, 400 to one that is no JSON. Told to, it
answers whatever status one likes, so that retries can be watched.
"""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from clients.webhooks import signing

LARGEST = 1_000_000
Say = Callable[[str], object]


@dataclass
class Rules:
    """What the receiver checks and answers. `answer` overrides the status of a good delivery."""

    secret: str
    answer: int | None = None
    say: Say = lambda line: None
    known: set[str] = field(default_factory=set)

    def judge(self, headers: dict[str, str], body: bytes) -> tuple[int, str]:
        """The status to answer and a line for the person who is watching."""
        names = (signing.TIMESTAMP, signing.DELIVERY, signing.EVENT, signing.SIGNATURE)
        timestamp, delivery, kind, signature = (headers.get(name.lower(), "") for name in names)
        try:
            signing.verify(self.secret, timestamp, delivery, kind, body, signature, now=time.time())
            event = json.loads(body)
        except signing.BadSignatureError as error:
            return HTTPStatus.UNAUTHORIZED, f"delivery {delivery}: refused. {error}"
        except ValueError:
            return HTTPStatus.BAD_REQUEST, f"delivery {delivery}: no JSON"
        again = " (again)" if delivery in self.known else ""
        self.known.add(delivery)
        return self.answer or HTTPStatus.OK, f"delivery {delivery}{again}: {describe(event)}"


def describe(event: dict) -> str:
    """An event in a line."""
    if event.get("type") == "order.created":
        order, client = event["order"], event["client"]
        return f"new order {order['id']}, {order['title']} ({order['amount']}) for {client['name']}"
    return f"{event.get('type')}, {event.get('count', 1)} orders"


class Handler(BaseHTTPRequestHandler):
    """One request. Its class attribute `rules` is set by `make_server`."""

    rules: Rules
    server_version = "mini-crm-receiver"
    sys_version = ""
    timeout = 10

    def do_POST(self) -> None:  # the name http.server looks for
        length = self.headers.get("Content-Length", "")
        if not length.isdigit() or int(length) > LARGEST:
            self.answer(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
            return
        body = self.rfile.read(int(length))
        headers = {name.lower(): value for name, value in self.headers.items()}
        status, line = self.rules.judge(headers, body)
        self.rules.say(f"{status:d}  {line}")
        self.answer(status)

    def answer(self, status: int) -> None:
        self.send_response(status)
        if 300 <= status < 400:
            self.send_header("Location", "http://127.0.0.1/elsewhere")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the inherited name
        """`say` tells what is worth telling."""


def make_server(port: int, rules: Rules) -> ThreadingHTTPServer:
    """A server on this machine only; port 0 takes any that is free. `serve_forever()` runs it."""
    handler = type("RuledHandler", (Handler,), {"rules": rules})
    return ThreadingHTTPServer(("127.0.0.1", port), handler)
