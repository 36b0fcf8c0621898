"""Milestone 19 as in production: HTTP in one process, sockets in another, Redis and PostgreSQL between them.

The Redis here is the test's own, so that it can be stopped.
"""

import json
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from pathlib import Path

import httpx
import pytest
from django.db import connection, connections
from model_bakery import baker
from websockets.exceptions import InvalidStatus
from websockets.sync.client import ClientConnection, connect

from clients.models import Client, Order, WebhookDelivery, WebhookSubscription
from clients.webhooks import deliver, receiver
from tests.faults.servers import Redis
from tests.fixtures import browser_of
from tests.services.support import Program, environment, free_port, running, wait_until

pytestmark = pytest.mark.django_db(transaction=True)
TOKEN = "a" * 32


@pytest.fixture(scope="session", autouse=True)
def real_database() -> None:
    assert connection.vendor == "postgresql", "DATABASE_URL must name a PostgreSQL database"


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[Redis]:
    server = Redis(tmp_path)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def start(redis: Redis, milestones, tmp_path: Path) -> Iterator[Callable[..., Program]]:
    """`start("-m", "gunicorn", …)` runs a program that ends with the test."""
    env = environment(
        DJANGO_SETTINGS_MODULE="mini_crm.settings.advanced",
        REDIS_URL=f"redis://127.0.0.1:{redis.port}/0",
        DEBUG="0",
        WEBHOOK_ALLOW_PRIVATE="1",
    )
    with ExitStack() as stack:

        def program(*command: str) -> Program:
            log = tmp_path / f"{command[1]}.log"
            return stack.enter_context(running(*command, env=env, log=log))

        yield program


@pytest.fixture
def http(start) -> str:
    """Two gunicorn workers; their address."""
    port = free_port()
    start("-m", "gunicorn", "mini_crm.wsgi", "--bind", f"127.0.0.1:{port}", "--workers", "2")
    wait_until(lambda: is_up(port), what="gunicorn")
    return f"http://127.0.0.1:{port}"


@pytest.fixture
def sockets(start) -> str:
    """One ASGI process; its address."""
    port = free_port()
    start("-m", "uvicorn", "mini_crm.asgi:application", "--port", str(port), "--lifespan", "off")
    wait_until(lambda: is_up(port), what="uvicorn")
    return f"127.0.0.1:{port}"


def is_up(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/health/").text == "ok"
    except httpx.HTTPError:
        return False


@pytest.fixture
def session(learner) -> str:
    return browser_of(learner).cookies["sessionid"].value


@pytest.fixture
def listen(sockets: str, session: str) -> Iterator[Callable[..., ClientConnection]]:
    """`listen("?after=3")` opens a socket that is closed with the test."""
    with ExitStack() as stack:

        def open_socket(query: str = "", *, cookie: str = f"sessionid={session}") -> ClientConnection:
            address = f"ws://{sockets}/ws/orders/{query}"
            headers = {"Cookie": cookie}
            socket = connect(address, origin=f"http://{sockets}", additional_headers=headers, proxy=None)
            return stack.enter_context(socket)

        yield open_socket


@pytest.fixture
def add_order(http: str, session: str) -> Callable[..., int]:
    """Adds an order on the client's page; its id."""

    def add(client: Client, title: str) -> int:
        answer = httpx.post(
            f"{http}/clients/{client.pk}/",
            data={"title": title, "amount": "12.50", "status": "NEW"},
            cookies={"sessionid": session, "csrftoken": TOKEN},
            headers={"X-CSRFToken": TOKEN},
            timeout=20,
        )
        assert answer.status_code == 302, answer.text
        return Order.objects.get(title=title).pk

    return add


@pytest.fixture
def anna(milestones) -> Client:
    return baker.make(Client, name="Anna Ek")


def ids_of(socket: ClientConnection, count: int, *, seconds: float = 5) -> list[int]:
    """The ids of so many frames, each arriving within `seconds`, and of whatever follows at once."""
    ids = [json.loads(socket.recv(timeout=seconds))["id"] for _ in range(count)]
    try:
        while True:
            ids.append(json.loads(socket.recv(timeout=0.5))["id"])
    except TimeoutError:
        return ids


def test_two_pages_hear_of_an_order_that_another_process_made(listen, add_order, anna):
    first, second = listen(), listen()
    order = add_order(anna, "Desk")
    expected = {
        "type": "order.created",
        "id": order,
        "order": {"id": order, "title": "Desk", "amount": "12.50", "status": "NEW"},
        "client": {"id": anna.pk, "name": "Anna Ek", "orders_count": 1, "orders_total": "12.50"},
    }
    assert json.loads(first.recv(timeout=5)) == expected
    assert json.loads(second.recv(timeout=5)) == expected
    assert (ids_of(first, 0), ids_of(second, 0)) == ([], [])


def test_a_page_that_was_away_hears_what_it_missed_and_nothing_twice(listen, add_order, anna):
    socket = listen()
    seen = add_order(anna, "Seen")
    assert json.loads(socket.recv(timeout=5))["id"] == seen
    socket.close()
    missed = [add_order(anna, f"Missed {number}") for number in range(3)]
    socket = listen(f"?after={seen}")
    later = add_order(anna, "Later")
    assert ids_of(socket, 5) == [seen, *missed, later]


def test_an_order_is_created_while_redis_is_down_and_told_of_afterwards(listen, add_order, anna, redis):
    socket = listen()
    before = add_order(anna, "Before")
    redis.stop()
    started = time.monotonic()
    order = add_order(anna, "Meanwhile")
    assert time.monotonic() - started < 5
    redis.start()
    time.sleep(4)  # the socket's process comes back by itself
    later = add_order(anna, "Afterwards")
    assert sorted(ids_of(socket, 3, seconds=20)) == [before, order, later]


def test_a_stranger_and_a_page_of_elsewhere_are_refused(listen, sockets, session):
    with pytest.raises(InvalidStatus) as refused:
        listen(cookie="sessionid=nobody")
    assert refused.value.response.status_code == 403
    headers = {"Cookie": f"sessionid={session}"}
    with pytest.raises(InvalidStatus) as refused:
        connect(f"ws://{sockets}/ws/orders/", origin="http://evil.example", additional_headers=headers)
    assert refused.value.response.status_code == 403


def test_switched_off_in_this_process_it_is_refused_in_the_other(listen, milestones):
    listen().close()
    milestones.off("live-orders")
    with pytest.raises(InvalidStatus) as refused:
        listen()
    assert refused.value.response.status_code == 403


def test_an_order_that_another_process_told_nobody_of_is_found(listen, anna):
    socket = listen()
    order = baker.make(Order, client=anna)  # this process pushes to another Redis
    assert ids_of(socket, 1, seconds=20) == [order.pk]


# --- Webhooks ---------------------------------------------------------------------------------------------------------
def test_only_one_of_two_workers_gets_a_delivery(milestones):
    delivery = baker.make(WebhookDelivery, payload={}, subscription__url="https://mail.com/")
    together = threading.Barrier(4)

    def claim() -> bool:
        with closing(connections["default"]):
            together.wait()
            return deliver.claim(delivery.pk) is not None

    with ThreadPoolExecutor(4) as pool:
        wins = [future.result() for future in [pool.submit(claim) for _ in range(4)]]
    assert sorted(wins) == [False, False, False, True]


def test_a_worker_delivers_and_tries_again(start, add_order, anna):
    lines: list[str] = []
    rules = receiver.Rules("secret", answer=500, say=lines.append)
    start("-m", "celery", "-A", "mini_crm.celery", "worker", "-c", "1", "-l", "INFO").wait_for(" ready.")
    with receiver.make_server(0, rules) as server:
        threading.Thread(target=server.serve_forever, args=[0.05]).start()
        url = f"http://127.0.0.1:{server.server_port}/"
        baker.make(WebhookSubscription, url=url, secret="secret", active=True)
        order = add_order(anna, "Desk")
        wait_until(lambda: lines, seconds=20, what="the first attempt")
        rules.answer = None
        wait_until(lambda: len(lines) == 2, seconds=20, what="the second attempt")
        server.shutdown()
    delivery = wait_until(WebhookDelivery.objects.filter(status="DELIVERED").first, seconds=10)
    told = f"new order {order}, Desk (12.50) for Anna Ek"
    assert lines == [
        f"500  delivery {delivery.pk}: {told}",
        f"200  delivery {delivery.pk} (again): {told}",
    ]
    assert (delivery.attempts, delivery.response_status) == (2, 200)
