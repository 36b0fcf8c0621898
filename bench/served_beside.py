"""What a server does all day: lists from the cache, flags, merging, live orders."""

import os

from bench import databases, merging
from bench.measured import Measured, by_rounds, milliseconds, per_second, whole_seconds
from bench.peers_beside import ADMIN
from bench.server import ROUNDS, Server, gunicorn, requests_per_second, session_cookie

SOCKETS = 5_000
MEMORY_OF_SOCKET = 100 * 2**10


def switch_cache(to: str) -> None:
    """The list's cache, "on" or "off"."""
    code = f"import django; django.setup(); from stages.switches import turn_{to}; turn_{to}(['list-cache'])"
    databases.python("large", "-c", code)


def cached() -> list[Measured]:
    """The list from the cache, built each time, and the admin's."""
    cookie = session_cookie("large")
    taken: dict[str, list[float]] = {"on": [], "off": [], "admin": []}
    with gunicorn("large", REDIS_URL=redis_url()) as server:
        for _ in range(ROUNDS):
            for to in ("on", "off"):
                switch_cache(to)
                taken[to].append(requests_per_second(server, "/clients/", cookie=cookie))
            taken["admin"].append(requests_per_second(server, ADMIN, cookie=cookie))
    kept, built, admin = taken.values()
    return [
        by_rounds("cached list against the one built each time", kept, built, per_second, "≥ 2", "≥ 6"),
        by_rounds("cached list against the admin's", kept, admin, per_second, "≥ 8", "≥ 40"),
    ]


def flags() -> list[Measured]:
    """What they cost a page: its time with them, against a worker that is locked and reads none."""
    cookie = session_cookie("large")
    switch_cache("on")
    measured = []
    with gunicorn("large") as reads, gunicorn("large", BENCH_LOCKED="1") as locked:
        for what, path in (("API list", "/api/clients/"), ("cached list", "/clients/")):
            taken: dict[Server, list[float]] = {reads: [], locked: []}
            for _ in range(ROUNDS):
                for server, found in taken.items():
                    rate = requests_per_second(server, path, cookie=cookie, connections=1)
                    found.append(1 / rate)
            title = f"{what} with its flags against without"
            measured.append(by_rounds(title, *taken.values(), milliseconds, "≤ 1.5", "≤ 1.05"))
    switch_cache("off")
    return measured


def redis_url() -> str:
    return os.environ.get("REDIS_URL", "redis://127.0.0.1:6379/14")


def merge() -> list[Measured]:
    ours, plain = databases.program("large", "bench.merging", str(ROUNDS))
    what = f"merging a client with {merging.ORDERS:,} orders against the plain SQL"
    return [by_rounds(what, ours, plain, whole_seconds, "≤ 1.5", "≤ 1.1")]


def live() -> list[Measured]:
    """An order to 1,000 open sockets, against what Redis alone takes to reach as many readers; and what one costs."""
    found = databases.program("small", "bench.live_fanout", "1000", "20", REDIS_URL=redis_url())
    many = databases.program("small", "bench.live_fanout", str(SOCKETS), "2", REDIS_URL=redis_url())
    what = "an order to 1,000 sockets of one process against a bare Redis publish to 1,000 readers"
    rows = [
        Measured(f"{what}, {name}", milliseconds(ours), milliseconds(bare), ours / bare, aim="≤ 2")
        for name, key in (("median", "median"), ("99th percentile", "p99"))
        for ours, bare in [(found["ours"][key], found["redis"][key])]
    ]
    size = many["socket"]
    memory = f"memory of a socket, {SOCKETS:,} in one process, of {MEMORY_OF_SOCKET // 2**10} kB"
    shown = (f"{size / 2**10:.1f} kB", f"{MEMORY_OF_SOCKET / 2**10:.0f} kB")
    return [*rows, Measured(memory, *shown, size / MEMORY_OF_SOCKET, "≤ 1")]
