"""PostgreSQL is gone, frozen or slow: every answer comes in time and is a 503 that says so."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass

import httpx
import pytest
from django.db import connection, transaction
from model_bakery import baker

from clients.models import Client
from tests.fixtures import browser_of
from tests.services.frozen import Proxy
from tests.services.support import environment, free_port, running, test_database_url, wait_until

pytestmark = pytest.mark.django_db(transaction=True)
TIMEOUT = 2
# What a frozen database may cost a visitor on a busy machine: the time-out, the grace (5 s), a new connection (3 s).
PATIENCE = 20


@dataclass
class Crm:
    url: str
    door: Proxy

    def get(self, path: str, **options) -> httpx.Response:
        return httpx.get(self.url + path, timeout=PATIENCE, **options)


@pytest.fixture
def crm(milestones, tmp_path) -> Iterator[Crm]:
    """One gunicorn worker of four threads, with a door before its database."""
    host, database_port = connection.settings_dict["HOST"] or "127.0.0.1", connection.settings_dict["PORT"]
    port = free_port()
    with ExitStack() as stack:
        door = stack.enter_context(Proxy(host, int(database_port or 5432)))
        env = environment(
            DJANGO_SETTINGS_MODULE="mini_crm.settings.advanced", DEBUG="0", STATEMENT_TIMEOUT=TIMEOUT
        )
        env["DATABASE_URL"] = door.address(test_database_url())
        env.pop("REDIS_URL", None)
        command = ("-m", "gunicorn", "mini_crm.wsgi", "--worker-class", "gthread", "--threads", "4")
        stack.enter_context(
            running(*command, "--bind", f"127.0.0.1:{port}", env=env, log=tmp_path / "web.log")
        )
        crm = Crm(f"http://127.0.0.1:{port}", door)
        wait_until(lambda: is_up(crm), what="gunicorn")
        yield crm


def is_up(crm: Crm) -> bool:
    try:
        return crm.get("/health/").text == "ok"
    except httpx.HTTPError:
        return False


@pytest.fixture
def cookies(manager) -> dict[str, str]:
    return {"sessionid": browser_of(manager).cookies["sessionid"].value}


def assert_unavailable(answer: httpx.Response, kind: str = "text/html") -> None:
    assert (answer.status_code, answer.headers["Content-Type"].partition(";")[0]) == (503, kind), answer.text
    assert int(answer.headers["Retry-After"]) > 0
    assert "The database cannot be reached or took too long." in answer.text


def everywhere(crm: Crm, cookies: dict[str, str]) -> None:
    """A page, the API, a file, and the login that a guest is asked for: all at once, as visitors come."""
    with ThreadPoolExecutor(4) as pool:
        ask: Callable = crm.get
        page = pool.submit(ask, "/clients/", cookies=cookies)
        api = pool.submit(ask, "/api/clients/", cookies=cookies)
        file = pool.submit(ask, "/clients/export.csv", cookies=cookies)
        guest = pool.submit(ask, "/")
    for answer in (page.result(), file.result(), guest.result()):
        assert_unavailable(answer)
    assert_unavailable(api.result(), "application/json")


def test_a_database_that_is_gone_is_a_page_that_says_so(crm, cookies):
    assert crm.get("/clients/", cookies=cookies).status_code == 200
    crm.door.shut()
    everywhere(crm, cookies)
    assert crm.get("/health/").text == "ok"


def test_a_frozen_database_holds_nobody_for_ever(crm, cookies):
    assert crm.get("/clients/", cookies=cookies).status_code == 200
    crm.door.frozen = True
    started = time.monotonic()
    everywhere(crm, cookies)
    assert time.monotonic() - started < PATIENCE
    crm.door.frozen = False
    wait_until(lambda: crm.get("/clients/", cookies=cookies).status_code == 200, seconds=10)


def test_a_statement_that_takes_too_long_is_cut_off(crm, cookies):
    client = baker.make(Client, name="Ada")
    token = "a" * 32
    with transaction.atomic():
        Client.objects.select_for_update().get(pk=client.pk)
        answer = httpx.post(
            f"{crm.url}/clients/{client.pk}/edit/delete/",
            cookies={**cookies, "csrftoken": token},
            headers={"X-CSRFToken": token},
            timeout=PATIENCE,
        )
    assert_unavailable(answer)


def test_an_export_may_take_longer_than_a_page(crm, cookies):
    baker.make(Client, name="Ada")
    with ThreadPoolExecutor(2) as pool, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("LOCK TABLE clients_order IN ACCESS EXCLUSIVE MODE")
        page = pool.submit(crm.get, "/", cookies=cookies)
        file = pool.submit(crm.get, "/clients/export.csv", cookies=cookies)
        assert_unavailable(page.result())
        assert not file.done()
        transaction.set_rollback(True)
    assert file.result().status_code == 200
    assert file.result().text.splitlines()[1].startswith('"Ada"')
