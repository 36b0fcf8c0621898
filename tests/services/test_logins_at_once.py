"""What logging in costs the web process, and what it does with input that PostgreSQL's columns do not take."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.db import connection
from model_bakery import baker
from model_bakery.recipe import seq

from tests.services.support import ROOT, Program, environment, free_port, running, wait_until

pytestmark = pytest.mark.django_db(transaction=True)
TOKEN = "a" * 32
PAGES = ("/accounts/login/", "/admin/login/")
MIB = 1024  # KiB, as /proc counts
# What the container tells the allocator.
ALLOCATOR = re.search(r"(MALLOC_\w+)=(\d+)", (ROOT / "deploy/Dockerfile").read_text(encoding="utf-8"))


@dataclass
class Web:
    address: str
    program: Program

    def log_in(self, name: str, page: str = PAGES[0], **headers: str) -> httpx.Response:
        return httpx.post(
            f"{self.address}{page}",
            data={"username": name, "password": "wrong"},
            cookies={"csrftoken": TOKEN},
            headers={"X-CSRFToken": TOKEN, **headers},
            timeout=60,
        )

    def peaks(self) -> list[int]:
        """The most memory that each of its processes has held so far, in KiB."""
        status = [Path(f"/proc/{child}/status").read_text() for child in self.program.children()]
        return [int(re.search(r"VmHWM:\s+(\d+) kB", text)[1]) for text in status]


@pytest.fixture(scope="module")
def web(django_db_setup, tmp_path_factory) -> Iterator[Web]:
    """gunicorn as the container starts it, believing this machine's X-Forwarded-For."""
    assert connection.vendor == "postgresql", "DATABASE_URL must name a PostgreSQL database"
    port = free_port()
    env = environment(
        DJANGO_SETTINGS_MODULE="mini_crm.settings.advanced",
        DEBUG="0",
        TRUSTED_PROXIES="127.0.0.1",
        **{ALLOCATOR[1]: ALLOCATOR[2]},
    )
    command = ("-m", "gunicorn", "--config", "deploy/gunicorn.conf.py", "--bind", f"127.0.0.1:{port}")
    log = tmp_path_factory.mktemp("web") / "web.log"
    with running(*command, "mini_crm.wsgi", env=env, log=log) as program:
        crm = Web(f"http://127.0.0.1:{port}", program)
        wait_until(lambda: is_up(crm), what="gunicorn")
        yield crm


def is_up(crm: Web) -> bool:
    try:
        return httpx.get(f"{crm.address}/health/").text == "ok" and len(crm.program.children()) == 2
    except httpx.HTTPError:
        return False


@pytest.fixture
def crm(web: Web, milestones) -> Web:
    return web


def more_memory(crm: Web, names: list[str]) -> int:
    """How much the process that grew most has grown by these wrong logins, sent at once, in KiB."""
    before = crm.peaks()
    with ThreadPoolExecutor(len(names)) as pool:
        answers = list(pool.map(crm.log_in, names))
    # 503: whose turn does not come in time is asked to come back.
    assert {answer.status_code for answer in answers} <= {200, 503}
    return max(after - earlier for earlier, after in zip(before, crm.peaks(), strict=True))


def test_sixteen_wrong_logins_at_once_take_little_memory(crm):
    assert more_memory(crm, [f"nobody-{number}" for number in range(16)]) < 100 * MIB


def test_accounts_with_hashes_of_old_take_no_more_than_two_of_them_at_once(crm):
    hasher = Argon2PasswordHasher()
    old = hasher.encode("secret", hasher.salt())
    baker.make(get_user_model(), username=seq("old-"), password=old, _quantity=16)

    assert more_memory(crm, [f"old-{number}" for number in range(1, 17)]) < 260 * MIB


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("name", ["n" * 256, "n" * 100_000, "ﷺ" * 100], ids=["256", "100000", "grows"])
def test_a_name_that_is_too_long_is_an_error_of_the_form(crm, page, name):
    """The last of them has 100 characters, and 1,800 once Unicode's compatible forms are made the same."""
    answer = crm.log_in(name, page)

    assert answer.status_code == 200
    assert "at most 150 characters" in answer.text


@pytest.mark.parametrize("page", PAGES)
def test_long_headers_and_addresses_are_cut_to_what_the_columns_take(crm, page):
    headers = {"User-Agent": "u" * 4000, "Accept": "a" * 4000}

    assert crm.log_in("nobody", f"{page}?next=/{'p' * 2000}", **headers).status_code == 200


@pytest.mark.parametrize(
    "forwarded", ["203.0.113.9:51234", "[2001:db8::1]:443", "unknown", "fe80::1%eth0", "9" * 300, "_hidden"]
)
def test_whatever_a_trusted_proxy_says_of_the_visitor_the_lock_works(crm, forwarded):
    name = f"somebody {forwarded}"[:40]
    codes = [crm.log_in(name, **{"X-Forwarded-For": forwarded}).status_code for _ in range(5)]

    assert codes == [200, 200, 200, 200, 429]
