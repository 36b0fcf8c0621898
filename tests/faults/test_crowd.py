"""Many at once: slow clients, a body that is too large, sockets that come and go."""

import asyncio
import resource

import pytest
from websockets.asyncio.client import ClientConnection, connect

from tests.faults.crowd import crowd, read_slowly, send_slowly
from tests.faults.office import LONG

GROUP = "People and their networks"
SLOW = 200
SECONDS = 40 if LONG else 4
SOCKETS = 5000 if LONG else 500
TOGETHER = 100
SILENT = 45 if LONG else 2  # the server gives up a page that answers no ping after forty seconds
LARGE = 100 * 2**20


@pytest.fixture(autouse=True)
def many_files():
    """A socket is a file; whoever starts the tests may have been given few of them."""
    before, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (before, most))


def request(office, line: str, *headers: str) -> bytes:
    cookie = f"Cookie: sessionid={office.sessions['learner']}"
    return "\r\n".join([line, f"Host: {office.sockets}", cookie, *headers, ""]).encode()


def test_slow_headers(office, happens):
    begin = request(office, "GET /clients/ HTTP/1.1", "X-Slow: ").rstrip()
    with (
        happens(f"{SLOW} clients send a header byte by byte for {SECONDS} s"),
        crowd(office, SLOW) as sockets,
    ):
        send_slowly(sockets, begin, b"x", SECONDS)


def test_slow_bodies(office, happens):
    begin = request(office, "POST /clients/add/ HTTP/1.1", "Content-Length: 5000") + b"\r\n"
    with happens(f"{SLOW} clients send a body byte by byte for {SECONDS} s"), crowd(office, SLOW) as sockets:
        send_slowly(sockets, begin, b"x", SECONDS)


def test_slow_reading(office, happens):
    whole = request(office, "GET /clients/ HTTP/1.1") + b"\r\n"
    with happens(f"{SLOW} clients read a page byte by byte for {SECONDS} s"), crowd(office, SLOW) as sockets:
        read_slowly(sockets, whole, SECONDS)


def test_a_large_body(office, happens):
    with happens("Somebody sends 100 MB") as fault, office.browser() as browser:
        answer = browser.post("/clients/add/", content=(bytes(2**20) for _ in range(LARGE // 2**20)))
        fault.load.note(answer)
    assert answer.status_code == 413


def test_sockets(office, happens):
    """A third says goodbye, a third breaks off, a third falls silent and is never heard of again."""
    with happens(f"{SOCKETS} sockets of open pages are opened and dropped, a third of them without a word"):
        opened = asyncio.run(come_and_go(office))
    assert opened == SOCKETS


async def come_and_go(office) -> int:
    """How many were opened."""
    limit = asyncio.Semaphore(TOGETHER)
    silent: list[ClientConnection] = []

    async def one(number: int) -> int:
        async with limit:
            page = await open_page(office)
            if number % 3 == 0:
                await page.close()
            elif number % 3 == 1:
                page.transport.abort()
            else:
                page.transport.pause_reading()  # not even a ping is answered
                silent.append(page)
            return 1

    opened = sum(await asyncio.gather(*(one(number) for number in range(SOCKETS))))
    await asyncio.sleep(SILENT)
    for page in silent:
        page.transport.abort()
    await asyncio.gather(*(page.wait_closed() for page in silent))
    return opened


def open_page(office) -> connect:
    cookie = {"Cookie": f"sessionid={office.sessions['learner']}"}
    address = f"ws://{office.sockets}/ws/orders/"
    return connect(address, origin=office.url, additional_headers=cookie, proxy=None, open_timeout=30)
