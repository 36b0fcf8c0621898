"""Pages beside each other, inside one process: large tables against small, any page against the first."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from bench import databases
from bench.measured import Measured, by_rounds, milliseconds
from bench.pages import ONE, assert_same
from bench.server import ROUNDS

Taken = dict[str, dict[str, Any]]
MANY = 10_000


def pages(database: str, *urls: str, rounds: int) -> Taken:
    """Median seconds, queries and clients of each page."""
    found: Taken = databases.program(database, "bench.pages", str(rounds), *urls)
    return found


def seconds_of(turns: list[Taken], url: str) -> list[float]:
    return [turn[url]["seconds"] for turn in turns]


LISTS = ("/clients/", f"/clients/?q={ONE}", "/clients/?active=1")
# On SQLite as well: the totals of the API, and the dashboard.
LISTS_ON_SQLITE = (*LISTS, "/api/clients/", "/")


def lists() -> list[Measured]:
    """The same pages with a thousand clients and with very many, by turns."""
    return [
        *grown("1,000,000 clients against 1,000:", "large", "small", LISTS),
        *grown("on SQLite, 100,000 clients against 1,000:", "sqlite large", "sqlite small", LISTS_ON_SQLITE),
    ]


def grown(what: str, large: str, small: str, urls: tuple[str, ...]) -> list[Measured]:
    # Two processes by turns: rather more and shorter turns.
    turns = [(pages(large, *urls, rounds=5), pages(small, *urls, rounds=5)) for _ in range(ROUNDS + 2)]
    many, few = ([turn[side] for turn in turns] for side in (0, 1))
    return [
        by_rounds(
            f"{what} {named(url)}",
            seconds_of(many, url),
            seconds_of(few, url),
            milliseconds,
            limit=promised_growth(large, url),
            aim="≤ 1.5",
        )
        for url in urls
    ]


def promised_growth(database: str, url: str) -> str:
    """More clients share what is searched for; SQLite, without an index for a part of a text, reads all of them."""
    if "?q=" not in url:
        return "≤ 2"
    return "≤ 5" if database == "large" else ""


# What a large table could make slow, each beside the first page of the list: what it promises and what it aims at.
PAGES = {
    "/clients/?page=1000000": ("≤ 3", "≤ 2"),
    "/clients/?page=50000": ("≤ 6", "≤ 4"),
    "/clients/?q=an": ("≤ 4", "≤ 2"),
    "/clients/?active=1": ("≤ 2", "≤ 2"),
    "/api/clients/?status=NEW": ("≤ 2", "≤ 2"),
    "/": ("≤ 2", "≤ 2"),
    "/stages/": ("≤ 2", "≤ 2"),
}


def other_pages() -> list[Measured]:
    what = "against the first page of the list, 1,000,000 clients"
    with client_with_many_orders() as client:
        bounds = {**PAGES, next_of_far(): ("≤ 2", "≤ 1.5"), f"/clients/{client}/": ("≤ 2", "≤ 2")}
        turns = [pages("large", "/clients/", *bounds, rounds=7) for _ in range(ROUNDS)]
    first = seconds_of(turns, "/clients/")
    return [
        by_rounds(f"{named(url)} {what}", seconds_of(turns, url), first, milliseconds, limit, aim)
        for url, (limit, aim) in bounds.items()
    ]


def next_of_far() -> str:
    """Where the link to the next page on page 50,000 leads."""
    rows = psql(
        "SELECT id FROM clients_client ORDER BY created_at DESC, id DESC OFFSET 499990 LIMIT 10"
    ).split()
    return f"/clients/?from=50000-{rows[0]}-{rows[-1]}&page=50001"


def named(url: str) -> str:
    """Ids and whom a search finds are other ones each time."""
    if ONE in url:
        return "a search that finds few"
    if "from=" in url:
        return "the next link of page 50,000"
    alone = url.removeprefix("/clients/").removesuffix("/").isdigit()
    return f"a client with {MANY:,} orders" if alone else f"`{url}`"


@contextmanager
def client_with_many_orders() -> Iterator[int]:
    """The id of one who is gone afterwards, from the tables' files as well."""
    sql = f"""WITH one AS (
        INSERT INTO clients_client (name, email, phone, avatar, vip, created_at, updated_at)
        VALUES ('Many', 'bench-many@bench.example', '', '', FALSE, '2000-01-01', now()) RETURNING id
    ), many AS (
        INSERT INTO clients_order (client_id, title, amount, status, created_at)
        SELECT one.id, 'Order ' || n, n, 'NEW', '2000-01-01'::timestamptz + n * interval '1 minute'
        FROM one, generate_series(1, {MANY}) n
    ) SELECT id FROM one"""
    client = int(psql(sql))
    try:
        yield client
    finally:
        psql(f"DELETE FROM clients_order WHERE client_id = {client}")
        psql(f"DELETE FROM clients_client WHERE id = {client}")
        psql("VACUUM (ANALYZE) clients_client, clients_order")


def psql(sql: str) -> str:
    command = ["psql", "-qtA", databases.address("large"), "-c", sql]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


# `icontains` is the naive search too: what makes the CRM's quick is an index, and that serves both.
NAIVE = {
    "/clients/": "/naive/clients/",
    "/clients/?active=1": "/naive/active/",
    "/": "/naive/dashboard/",
}


def naive_lists() -> list[Measured]:
    """The naive way, once each, because it takes seconds."""
    return [
        *naive_beside("1,000,000 clients", "large"),
        *naive_beside("SQLite with 100,000 clients", "sqlite large"),
    ]


def naive_beside(where: str, database: str) -> list[Measured]:
    measured = []
    for ours, naive in NAIVE.items():
        found = {**pages(database, ours, rounds=7), **pages(database, naive, rounds=0)}
        assert_same({url: found[url]["clients"] for url in (ours, naive)})
        slow, quick = found[naive]["seconds"], found[ours]["seconds"]
        what = f"naive `{naive}` against `{ours}` ({found[ours]['queries']} queries), {where}"
        measured.append(Measured(what, milliseconds(slow), milliseconds(quick), slow / quick, aim="≥ 10"))
    return measured
