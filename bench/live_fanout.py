"""An order to 1,000 open sockets of one process, beside a bare Redis publish to as many readers.

`python -m bench.live_fanout [READERS [ROUNDS]]` writes one line of JSON: median and 99th percentile, in seconds from
commit (or publish) to receipt, and the bytes that a socket costs its server. Three processes: this one makes the
orders, as a web process would; uvicorn holds the sockets; a third reads them all (bench/readers.py). Loopback only.
"""

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import django
import redis
from django.db import transaction

from bench.databases import ROOT
from bench.server import HOST, free_port, memory_of, session_cookie, wait_until_answered

CHANNEL = "bench-fan-out"


def allow_open_files(number: int) -> None:
    """A connection is an open file; the usual limit is 1,024. Processes started from here inherit it."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = max(soft, number)
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, max(hard, wanted)))


@contextmanager
def program(*command: str, **options) -> Iterator[subprocess.Popen]:
    process = subprocess.Popen([sys.executable, *command], cwd=ROOT, **options)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(timeout=60)


class Readers:
    """A process with many connections; `receipts` waits until all of them have heard, and says when each did."""

    def __init__(self, process: subprocess.Popen) -> None:
        self.process = process
        assert self._line() == "ready"

    def _line(self) -> str:
        return self.process.stdout.readline().strip()

    def receipts(self) -> list[float]:
        return json.loads(self._line())


@contextmanager
def readers(kind: str, port: int, number: int, extra: str) -> Iterator[Readers]:
    command = ["-m", "bench.readers", kind, str(port), str(number), extra]
    with program(*command, stdout=subprocess.PIPE, text=True) as process:
        yield Readers(process)


def commit_order(client) -> float:
    """Makes an order; the moment it was committed."""
    committed = []
    with transaction.atomic():
        transaction.on_commit(lambda: committed.append(time.monotonic()))
        client.orders.create(title="Fan-out", amount=1)
    return committed[0]


def publish(connection: redis.Redis, payload: bytes) -> float:
    started = time.monotonic()
    connection.publish(CHANNEL, payload)
    return started


def figures(taken: list[float]) -> dict[str, float]:
    taken.sort()
    return {"median": taken[len(taken) // 2], "p99": taken[len(taken) * 99 // 100]}


def run(number: int, rounds: int) -> dict[str, Any]:
    from clients.models import Client, Order

    connection = redis.Redis.from_url(os.environ["REDIS_URL"])
    redis_port = connection.connection_pool.connection_kwargs["port"]
    client = Client.objects.first()
    before = Order.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    # About as long as the frame of an order.
    payload = b'{"type": "order.created", "filler": "' + b"x" * 180 + b'"}'
    port = free_port()
    serve = ["-m", "uvicorn", "mini_crm.asgi:application", "--host", HOST, "--port", str(port)]
    serve += ["--lifespan", "off", "--log-level", "error", "--ws-ping-interval", "3600"]
    ours, bare = [], []
    try:
        with program(*serve) as server, wait(port):
            empty = memory_of(server.pid)
            with (
                readers("socket", port, number, session_cookie("small")) as sockets,
                readers("redis", redis_port, number, CHANNEL) as subscribers,
            ):
                size = (memory_of(server.pid) - empty) / number
                for _ in range(rounds):
                    committed = commit_order(client)
                    ours += [moment - committed for moment in sockets.receipts()]
                    published = publish(connection, payload)
                    bare += [moment - published for moment in subscribers.receipts()]
                    time.sleep(0.2)
    finally:
        Order.objects.filter(pk__gt=before, title="Fan-out").delete()
    assert len(ours) == len(bare) == number * rounds
    return {"ours": figures(ours), "redis": figures(bare), "socket": size}


@contextmanager
def wait(port: int) -> Iterator[None]:
    wait_until_answered(port)
    yield


def main() -> None:
    number, rounds = (int(text) for text in [*sys.argv[1:3], "1000", "20"][:2])
    allow_open_files(2 * number + 500)
    django.setup()
    print(json.dumps(run(number, rounds)))


if __name__ == "__main__":
    main()
