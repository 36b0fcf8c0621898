"""Milestone 13 under gunicorn as deployed: readers that dawdle hold some threads, and everybody else is answered."""

import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress

import httpx
import pytest
from django.db import connection

from tests.fixtures import browser_of, person
from tests.services.support import environment, free_port, running, wait_until

pytestmark = pytest.mark.django_db(transaction=True)
READERS = 32
# A file that no socket buffer takes in: about 12 MB.
CLIENTS = """INSERT INTO clients_client (name, email, phone, vip, avatar, created_at, updated_at)
SELECT repeat('Ada Lovelace ', 15), 'client' || number || '@mail.com', '', FALSE, '',
    now() - number * interval '1 s', now()
FROM generate_series(1, 45000) AS number"""


@pytest.fixture
def port(milestones, tmp_path) -> Iterator[int]:
    port = free_port()
    env = environment(DJANGO_SETTINGS_MODULE="mini_crm.settings.advanced", DEBUG="0")
    command = ("-m", "gunicorn", "--config", "deploy/gunicorn.conf.py", "mini_crm.wsgi")
    with running(*command, "--bind", f"127.0.0.1:{port}", env=env, log=tmp_path / "web.log"):
        wait_until(lambda: is_up(port), what="gunicorn")
        yield port


def is_up(port: int) -> bool:
    with suppress(httpx.HTTPError):
        return httpx.get(f"http://127.0.0.1:{port}/health/").text == "ok"
    return False


def begin(port: int, session: str) -> socket.socket:
    """Asks for the export and reads no more than its first line."""
    reader = socket.socket()
    reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    reader.settimeout(20)
    reader.connect(("127.0.0.1", port))
    reader.sendall(
        f"GET /clients/export.csv HTTP/1.1\r\nHost: localhost\r\nCookie: sessionid={session}\r\n\r\n".encode()
    )
    return reader


def test_slow_readers_leave_threads_for_everybody_else(port):
    with connection.cursor() as cursor:
        cursor.execute(CLIENTS)
    sessions = [browser_of(person(f"user{number}")).cookies["sessionid"].value for number in range(8)]
    with ExitStack() as stack:
        readers = [stack.enter_context(begin(port, sessions[number % 8])) for number in range(READERS)]
        statuses = [reader.recv(12).decode()[-3:] for reader in readers]
        assert set(statuses) == {"200", "429"}
        assert statuses.count("200") <= 8
        times = []
        for _ in range(10):
            started = time.monotonic()
            assert httpx.get(f"http://127.0.0.1:{port}/health/", timeout=5).text == "ok"
            times.append(time.monotonic() - started)
    assert max(times) < 2, times
