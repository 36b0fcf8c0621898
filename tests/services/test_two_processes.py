"""The CRM as several processes on one PostgreSQL and one Redis: two for HTTP, one for sockets, one worker.

What one of them does, the others know: the cached pages, the counted requests, the sockets and the queue are shared.
"""

import json
import os
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass

import httpx
import pytest
import redis
from django.db import connection
from model_bakery import baker
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from clients.live.reliable.consumer import POLICY_VIOLATION
from clients.models import Client
from clients.reports.months import last_month
from tests.fixtures import browser_of
from tests.services.support import MailServer, environment, free_port, running, wait_until

pytestmark = pytest.mark.django_db(transaction=True)
TOKEN = "a" * 32
GUESTS = 20


@dataclass
class Crm:
    """Where its processes answer, and whose mail server they send to."""

    first: str
    second: str
    live: str
    mail: MailServer


@pytest.fixture(scope="session", autouse=True)
def real_servers() -> None:
    assert connection.vendor == "postgresql", "DATABASE_URL must name a PostgreSQL database"
    assert os.environ.get("REDIS_URL"), "REDIS_URL must name a Redis"


@pytest.fixture(scope="module")
def processes(django_db_setup, tmp_path_factory) -> Iterator[Crm]:
    """All four, ready. They keep nothing to themselves, so one set does for all tests."""
    folder = tmp_path_factory.mktemp("processes")
    ports = [free_port() for _ in range(3)]
    with ExitStack() as stack:
        mail = stack.enter_context(MailServer())
        env = environment(
            DJANGO_SETTINGS_MODULE="mini_crm.settings.advanced",
            DEBUG="0",
            API_THROTTLE_ANON=f"{GUESTS}/day",
            EMAIL_URL=f"smtp://127.0.0.1:{mail.port}",
            REPORT_RECIPIENTS="boss@mail.com",
            MEDIA_ROOT=folder / "media",
        )
        programs = [
            stack.enter_context(running(*command, env=env, log=folder / f"{number}.log"))
            for number, command in enumerate(commands(ports))
        ]
        programs[-1].wait_for(" ready.")
        wait_until(lambda: all(map(is_up, ports)), what="three servers")
        first, second, live = (f"127.0.0.1:{port}" for port in ports)
        yield Crm(f"http://{first}", f"http://{second}", live, mail)


@pytest.fixture
def crm(processes: Crm, milestones) -> Crm:
    """The processes, with every milestone on and an empty cache."""
    with redis.Redis.from_url(os.environ["REDIS_URL"]) as server:
        for key in server.scan_iter(":1:*"):  # Django's own keys: the queue's stay
            server.delete(key)
    processes.mail.received.clear()
    return processes


def commands(ports: list[int]) -> list[tuple[str, ...]]:
    gunicorn = ("-m", "gunicorn", "mini_crm.wsgi", "--worker-class", "gthread", "--threads", "4", "--bind")
    uvicorn = ("-m", "uvicorn", "mini_crm.asgi:application", "--lifespan", "off", "--port")
    worker = ("-m", "celery", "-A", "mini_crm.celery", "worker", "--concurrency", "1", "--loglevel", "INFO")
    return [
        (*gunicorn, f"127.0.0.1:{ports[0]}"),
        (*gunicorn, f"127.0.0.1:{ports[1]}"),
        (*uvicorn, str(ports[2])),
        (*worker, "--without-gossip", "--without-mingle"),
    ]


def is_up(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/health/").text == "ok"
    except httpx.HTTPError:
        return False


@pytest.fixture
def cookies(manager) -> dict[str, str]:
    """A manager's, good in every process because the session is in the database."""
    return {"sessionid": browser_of(manager).cookies["sessionid"].value, "csrftoken": TOKEN}


def send(address: str, cookies: dict[str, str], **fields: str) -> None:
    """A form, as a browser sends it."""
    answer = httpx.post(address, data=fields, cookies=cookies, headers={"X-CSRFToken": TOKEN}, timeout=20)
    assert answer.status_code == 302, answer.text


def test_a_write_through_one_process_is_seen_on_the_others_cached_page(crm, cookies):
    behind, before = baker.make(Client, name="Ada Old"), baker.make(Client, name="Bob Old")

    def page(server: str) -> str:
        # One name for both, as behind a proxy: it is part of a cached page's key.
        answer = httpx.get(f"{server}/clients/", cookies=cookies, headers={"Host": "localhost"}, timeout=20)
        assert answer.status_code == 200
        return answer.text

    assert "Ada Old" in page(crm.first)
    with (
        connection.cursor() as cursor
    ):  # nobody is told of this, so whoever still shows the old name has it cached
        cursor.execute("UPDATE clients_client SET name = 'Ada New' WHERE id = %s", [behind.pk])
    assert [("Ada Old" in page(server)) for server in (crm.first, crm.second)] == [True, True]

    address = f"{crm.first}/api/clients/{before.pk}/"
    changed = httpx.patch(address, json={"name": "Bob New"}, cookies=cookies, headers={"X-CSRFToken": TOKEN})
    assert changed.status_code == 200, changed.text
    for server in (crm.second, crm.first):
        html = page(server)
        assert [name in html for name in ("Bob New", "Ada New", "Bob Old", "Ada Old")] == [
            True,
            True,
            False,
            False,
        ]


def test_requests_are_counted_across_the_processes(crm):
    answers = [
        httpx.get(f"{server}/api/clients/") for _ in range(GUESTS) for server in (crm.first, crm.second)
    ]

    assert [answer.status_code for answer in answers] == [200] * GUESTS + [429] * GUESTS
    assert int(answers[-1].headers["Retry-After"]) > 0


def test_an_order_reaches_the_sockets_whichever_process_took_it(crm, cookies):
    client = baker.make(Client, name="Anna Ek")
    headers = {"Cookie": f"sessionid={cookies['sessionid']}"}
    with connect(
        f"ws://{crm.live}/ws/orders/", origin=f"http://{crm.live}", additional_headers=headers, proxy=None
    ) as socket:
        for count, server in enumerate((crm.first, crm.second), start=1):
            send(
                f"{server}/clients/{client.pk}/", cookies, title=f"Desk {count}", amount="12.50", status="NEW"
            )
            frame = json.loads(socket.recv(timeout=10))
            assert (frame["order"]["title"], frame["client"]["orders_count"]) == (f"Desk {count}", count)


def test_a_logout_in_one_process_closes_the_socket_in_another(crm, cookies):
    headers = {"Cookie": f"sessionid={cookies['sessionid']}"}
    with connect(
        f"ws://{crm.live}/ws/orders/", origin=f"http://{crm.live}", additional_headers=headers, proxy=None
    ) as socket:
        send(f"{crm.first}/accounts/logout/", cookies)
        with pytest.raises(ConnectionClosed) as closed:
            socket.recv(timeout=1.5)
    assert closed.value.rcvd.code == POLICY_VIOLATION


def test_the_worker_does_what_either_process_asks_for_once(crm, cookies):
    month = f"{last_month():%Y-%m}"
    for server in (crm.first, crm.second):
        send(f"{server}/reports/", cookies, month=month)
    wait_until(lambda: crm.mail.received, what="a mail")

    (message,) = crm.mail.received
    assert message["To"] == "boss@mail.com"
    report = httpx.get(f"{crm.second}/reports/orders-{month}.csv", cookies=cookies)
    assert (report.status_code, report.headers["Content-Type"]) == (200, "text/csv; charset=utf-8")
