"""Milestone 16 with two processes, one of which loses its way to Redis: nobody is shown an old list."""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
import redis
from model_bakery import baker

from clients.models import Client
from tests.fixtures import browser_of
from tests.services.frozen import Proxy
from tests.services.support import environment, free_port, running, wait_until

pytestmark = pytest.mark.django_db(transaction=True)
TOKEN = "a" * 32


@dataclass
class Crm:
    """Two processes; `door` stands between the first one and Redis."""

    first: str
    second: str
    door: Proxy


@pytest.fixture
def crm(milestones, tmp_path) -> Iterator[Crm]:
    address = os.environ["REDIS_URL"]
    with redis.Redis.from_url(address) as server:
        for key in server.scan_iter(":1:*"):
            server.delete(key)
    with ExitStack() as stack:
        parts = urlsplit(address)
        door = stack.enter_context(Proxy(parts.hostname, parts.port or 6379))
        urls = [
            stack.enter_context(serving(redis_url, tmp_path))
            for redis_url in (door.address(address), address)
        ]
        yield Crm(*urls, door)


@pytest.fixture
def cookies(manager) -> dict[str, str]:
    return {"sessionid": browser_of(manager).cookies["sessionid"].value, "csrftoken": TOKEN}


@contextmanager
def serving(redis_url: str, folder: Path) -> Iterator[str]:
    """One gunicorn process that uses this Redis; its address."""
    port = free_port()
    env = {
        **environment(DJANGO_SETTINGS_MODULE="mini_crm.settings.advanced", DEBUG="0"),
        "REDIS_URL": redis_url,
    }
    command = ("-m", "gunicorn", "mini_crm.wsgi", "--bind", f"127.0.0.1:{port}")
    with running(*command, env=env, log=folder / f"{port}.log"):
        wait_until(lambda: is_up(port), what="gunicorn")
        yield f"http://127.0.0.1:{port}"


def is_up(port: int) -> bool:
    with suppress(httpx.HTTPError):
        return httpx.get(f"http://127.0.0.1:{port}/health/").text == "ok"
    return False


def test_what_a_process_without_redis_changed_is_shown_by_the_other(crm, cookies):
    ada = baker.make(Client, name="Ada Old")

    def names(server: str) -> list[bool]:
        # One name for both, as behind a proxy: it is part of a cached page's key.
        answer = httpx.get(f"{server}/clients/", cookies=cookies, headers={"Host": "localhost"}, timeout=20)
        assert answer.status_code == 200
        return [name in answer.text for name in ("Ada Old", "Ada New")]

    assert [names(server) for server in (crm.first, crm.second, crm.second)] == [[True, False]] * 3
    crm.door.frozen = True
    address = f"{crm.first}/api/clients/{ada.pk}/"
    changed = httpx.patch(
        address, json={"name": "Ada New"}, cookies=cookies, headers={"X-CSRFToken": TOKEN}, timeout=20
    )
    assert changed.status_code == 200, changed.text
    assert [names(server) for server in (crm.second, crm.first)] == [[False, True]] * 2
    crm.door.frozen = False
    assert [names(server) for server in (crm.first, crm.second)] == [[False, True]] * 2
