"""What is measured: each promise as a ratio of two figures that were taken in the same run."""

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable

from bench import databases, merging
from bench.demo import VIEWS, appetite
from bench.measured import Measured, milliseconds
from bench.peers_beside import ADMIN, peers
from bench.server import ROUNDS, Server, download, gunicorn, requests_per_second, session_cookie

RARE = "zyxgaard"


def pages(database: str, *urls: str, rounds: int = 30) -> dict[str, dict[str, float]]:
    """Median seconds and queries of each page, in a process of its own."""
    command = [sys.executable, "-m", "bench.pages", str(rounds), *urls]
    done = subprocess.run(
        command,
        cwd=databases.ROOT,
        env=databases.environment(database),
        check=True,
        capture_output=True,
        text=True,
    )
    return json.loads(done.stdout.splitlines()[-1])


def by_turns(first: str, second: str, url: str) -> tuple[float, float]:
    """The page's median seconds on both databases, asked by turns so that a busy machine slows both alike."""
    taken: dict[str, list[float]] = {first: [], second: []}
    for _ in range(ROUNDS):
        for database in (first, second):
            taken[database].append(pages(database, url)[url]["seconds"])
    return statistics.median(taken[first]), statistics.median(taken[second])


def compare_pages(what: str, first: str, second: str, url: str) -> Measured:
    large, small = by_turns(first, second, url)
    return Measured(f"{what} `{url}`", milliseconds(large), milliseconds(small), large / small, "≤ 1.5")


def lists() -> list[Measured]:
    ours = "list with totals, 1,000,000 clients against 1,000:"
    sqlite = "the same on SQLite, 100,000 clients against 1,000:"
    return [
        compare_pages(ours, "large", "small", "/clients/"),
        compare_pages(ours, "large", "small", f"/clients/?q={RARE}"),
        compare_pages(ours, "large", "small", "/clients/?active=1"),
        compare_pages(sqlite, "sqlite large", "sqlite small", "/clients/"),
    ]


# What a large table could make slow, each beside the first page of the list.
PAGES = (
    "/clients/?page=1000000",
    "/clients/?page=50000",
    "/clients/?q=an",
    "/clients/?active=1",
    "/api/clients/?status=NEW",
    "/",
    "/stages/",
)


def other_pages() -> list[Measured]:
    what = "against the first page of the list, 1,000,000 clients"
    turns = [pages("large", "/clients/", *PAGES, rounds=5) for _ in range(ROUNDS)]
    seconds = {url: statistics.median(turn[url]["seconds"] for turn in turns) for url in turns[0]}
    first = seconds.pop("/clients/")
    return [
        Measured(f"`{url}` {what}", milliseconds(taken), milliseconds(first), taken / first)
        for url, taken in seconds.items()
    ]


def naive_lists() -> list[Measured]:
    measured = []
    for ours, naive in (("/clients/", "/naive/clients/"), ("/clients/?active=1", "/naive/active/")):
        found = {**pages("large", ours, rounds=5), **pages("large", naive, rounds=1)}
        slow, quick = found[naive]["seconds"], found[ours]["seconds"]
        queries = int(found[ours]["queries"])
        what = f"naive `{naive}` against `{ours}` ({queries} queries), 1,000,000 clients"
        measured.append(Measured(what, milliseconds(slow), milliseconds(quick), slow / quick))
    return measured


def psql_copy() -> float:
    """Seconds that psql takes to write the same file by \\copy."""
    code = (
        "import django; django.setup()\n"
        "from clients.exports.copy import EXPORT, TOTALS_OF_ALL\n"
        "print(' '.join(EXPORT.format(clients='clients_client', totals=TOTALS_OF_ALL).split()))"
    )
    environment = databases.environment("large")
    sql = subprocess.run(
        [sys.executable, "-c", code], env=environment, check=True, capture_output=True, text=True
    ).stdout
    statement = "\\copy " + sql.strip().removeprefix("COPY ").replace("TO STDOUT", "TO '/dev/null'")
    start = time.perf_counter()
    subprocess.run(["psql", "-q", databases.address("large"), "-c", statement], check=True)
    return time.perf_counter() - start


def export() -> list[Measured]:
    cookie = session_cookie("large")
    with gunicorn("large") as server:
        download(server, "/clients/export.csv?q=warm+up", cookie)
        before = server.memory()
        ours, theirs = [], []
        for _ in range(ROUNDS):
            ours.append(download(server, "/clients/export.csv", cookie)[0])
            theirs.append(psql_copy())
        grown = (server.memory("VmHWM") - before) / 2**20
        naive, _ = download(server, "/naive/export.csv?limit=20000", cookie)
    quick, psql = statistics.median(ours), statistics.median(theirs)
    return [
        Measured(
            "CSV of 1,000,000 clients against `psql \\copy`",
            f"{quick:.1f} s",
            f"{psql:.1f} s",
            quick / psql,
            "≤ 2",
        ),
        Measured(
            "memory the worker grows by while it does so, of 30 MB",
            f"{grown:.1f} MB",
            "30 MB",
            grown / 30,
            "≤ 1",
        ),
        Measured(
            "naive CSV of 20,000 clients against all of them",
            f"{naive:.1f} s",
            f"{quick:.1f} s",
            naive / quick,
        ),
    ]


def switch_cache(to: str) -> None:
    """The list's cache, "on" or "off"."""
    code = f"import django; django.setup(); from stages.switches import turn_{to}; turn_{to}(['list-cache'])"
    command = [sys.executable, "-c", code]
    subprocess.run(command, cwd=databases.ROOT, env=databases.environment("large"), check=True)


def cached() -> list[Measured]:
    """The list from the cache, built each time, and the admin's."""
    cookie = session_cookie("large")
    taken: dict[str, list[float]] = {"on": [], "off": [], "admin": []}
    with gunicorn("large") as server:
        for _ in range(ROUNDS):
            for to in ("on", "off"):
                switch_cache(to)
                taken[to].append(requests_per_second(server, "/clients/", seconds=3, cookie=cookie))
            taken["admin"].append(requests_per_second(server, ADMIN, seconds=3, cookie=cookie))
    kept, built, admin = (statistics.median(rates) for rates in taken.values())
    return [
        Measured(
            "cached list against the one built each time",
            f"{kept:.0f}/s",
            f"{built:.0f}/s",
            kept / built,
            "≥ 2",
        ),
        Measured("cached list against the admin's", f"{kept:.0f}/s", f"{admin:.0f}/s", kept / admin),
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
                    rate = requests_per_second(server, path, seconds=3, cookie=cookie, connections=1)
                    found.append(1 / rate)
            with_them, without = (statistics.median(seconds) for seconds in taken.values())
            figures = (milliseconds(with_them), milliseconds(without))
            measured.append(Measured(f"{what} with its flags against without", *figures, with_them / without))
    switch_cache("off")
    return measured


def merge() -> list[Measured]:
    done = subprocess.run(
        [sys.executable, "-m", "bench.merging", str(ROUNDS)],
        cwd=databases.ROOT,
        env=databases.environment("large"),
        check=True,
        capture_output=True,
        text=True,
    )
    ours, plain = json.loads(done.stdout.splitlines()[-1])
    what = f"merging a client with {merging.ORDERS:,} orders against the plain SQL"
    return [Measured(what, f"{ours:.2f} s", f"{plain:.2f} s", ours / plain, "≤ 1.5")]


def live() -> list[Measured]:
    """An order to 1,000 open sockets, against what Redis alone takes to reach as many readers."""
    redis = {"REDIS_URL": os.environ.get("REDIS_URL", "redis://127.0.0.1:6379/14")}
    done = subprocess.run(
        [sys.executable, "-m", "bench.live_fanout", "1000", "20"],
        cwd=databases.ROOT,
        env=databases.environment("small", **redis),
        check=True,
        capture_output=True,
        text=True,
    )
    found = json.loads(done.stdout.splitlines()[-1])
    what = "an order to 1,000 sockets of one process against a bare Redis publish to 1,000 readers"
    return [
        Measured(f"{what}, {name}", milliseconds(ours), milliseconds(bare), ours / bare)
        for name, key in (("median", "median"), ("99th percentile", "p99"))
        for ours, bare in [(found["ours"][key], found["redis"][key])]
    ]


def demo() -> list[Measured]:
    """The demo with the debug toolbar against the one without."""
    found = appetite()
    with_it, without = found.pages[found.slowest]
    grown = found.grown[0]
    page = (
        f"page of the demo that the debug toolbar slows most, `{found.slowest}`, against the same without it"
    )
    memory = f"memory the demo grows by in {VIEWS} views of each of {len(found.pages)} pages, of 60 MB"
    return [
        Measured(page, milliseconds(with_it), milliseconds(without), with_it / without, "≤ 3"),
        Measured(memory, f"{grown:.1f} MB", "60 MB", grown / 60, "≤ 1"),
    ]


# These bring a database of their own.
WITHOUT_DATABASES = {"demo"}
MEASURES: dict[str, Callable[[], list[Measured]]] = {
    "lists": lists,
    "pages": other_pages,
    "naive": naive_lists,
    "export": export,
    "peers": peers,
    "cache": cached,
    "flags": flags,
    "merge": merge,
    "live": live,
    "demo": demo,
}
