"""Large files beside PostgreSQL's own \\copy of the same: the CSV of all clients, a month's report, demo data."""

import json
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from bench import databases
from bench.measured import Measured, by_rounds, megabytes, microseconds, milliseconds, whole_seconds
from bench.pages import assert_same
from bench.server import ROUNDS, Server, clients_on, download, first_bytes, gunicorn, session_cookie

FLAT = 30 * 2**20
BEGINNING = 20_000


def timed(*command: str, database: str = "large") -> float:
    """Seconds of a program that works on this database."""
    start = time.perf_counter()
    subprocess.run(
        command, cwd=databases.ROOT, env=databases.environment(database), check=True, capture_output=True
    )
    return time.perf_counter() - start


def copy(statement: str, database: str) -> float:
    return timed("psql", "-q", databases.address(database), "-c", f"\\copy {statement}")


def sql_of(code: str, database: str) -> str:
    """What Python says with Django set up, in one line."""
    return " ".join(databases.python(database, "-c", f"import django; django.setup()\n{code}").split())


EXPORT_SQL = """
from clients.exports.copy import export_statement
from clients.models import Client
print(export_statement(Client.objects.all())[0])
"""


def export() -> list[Measured]:
    statement = sql_of(EXPORT_SQL, "large").removeprefix("COPY ").replace("TO STDOUT", "TO '/dev/null'")
    cookie = session_cookie("large")
    ours, theirs = [], []
    with gunicorn("large") as server:
        download(server, "/clients/export.csv?q=warm+up", cookie)
        before = server.memory()
        for _ in range(ROUNDS):
            ours.append(download(server, "/clients/export.csv", cookie)[0])
            theirs.append(copy(statement, "large"))
        grown = server.memory("VmHWM") - before
        naive = naive_export(server, cookie)
        # Last: the server needs a while to notice that nobody wants the rest.
        begun = [first_bytes(server, "/clients/export.csv", cookie, BEGINNING) for _ in range(ROUNDS)]
    what = "CSV of 1,000,000 clients against `psql \\copy`"
    memory = "memory the worker grows by while it does so, of 30 MB"
    return [
        by_rounds(what, ours, theirs, whole_seconds, "≤ 2", "≤ 1.1"),
        by_rounds("the first 20 kB of that file against all of it", begun, ours, milliseconds, "≤ 0.25"),
        Measured(memory, megabytes(grown), megabytes(FLAT), grown / FLAT, "≤ 1"),
        beside_naive(naive, [seconds / 1_000_000 for seconds in ours], "1,000,000"),
    ]


def sqlite_export() -> list[Measured]:
    """Per client, since a hundred times as many take longer."""
    taken: dict[str, list[float]] = {"sqlite large": [], "sqlite small": []}
    naive = []
    for database, found in taken.items():
        cookie = session_cookie(database)
        with gunicorn(database) as server:
            download(server, "/clients/export.csv?q=warm+up", cookie)
            clients = databases.DATABASES[database][1]
            found += [download(server, "/clients/export.csv", cookie)[0] / clients for _ in range(ROUNDS)]
            naive = naive or naive_export(server, cookie)
    what = "CSV on SQLite, per client: 100,000 clients against 1,000"
    return [
        by_rounds(what, *taken.values(), microseconds, "≤ 2", "≤ 1.5"),
        beside_naive(naive, taken["sqlite large"], "100,000 on SQLite"),
    ]


NAIVE_CLIENTS = 2_000


def naive_export(server: Server, cookie: str) -> list[float]:
    """Seconds a client, of the newest ones."""
    address = "/naive/export.csv?limit="
    assert_same({path: clients_on(server, path, cookie) for path in ("/clients/", f"{address}10")})
    return [download(server, f"{address}{NAIVE_CLIENTS}", cookie)[0] / NAIVE_CLIENTS for _ in range(ROUNDS)]


def beside_naive(naive: list[float], ours: list[float], clients: str) -> Measured:
    what = f"naive CSV of {NAIVE_CLIENTS:,} clients against the CRM's of {clients}, per client"
    return by_rounds(what, naive, ours, microseconds, aim="≥ 10")


MONTH = "2026-01"
BEGIN, AFTER = "'2026-01-01 00:00Z'", "'2026-02-01 00:00Z'"
REPORT = f"""
import json, sys, time
from datetime import date
from pathlib import Path
from clients.reports.writing import write_report
start = time.perf_counter()
totals = write_report(Path(sys.argv[1]), date.fromisoformat("{MONTH}-01"))
print(json.dumps([time.perf_counter() - start, totals.all.orders]))
"""
# The first block of the file, which is nearly all of it.
REPORT_SQL = f"""(
    SELECT orders.id, to_char(orders.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS'),
        clients.name, clients.email, orders.title, orders.status, orders.amount
    FROM clients_order orders JOIN clients_client clients ON clients.id = orders.client_id
    WHERE orders.created_at >= {BEGIN} AND orders.created_at < {AFTER}
    ORDER BY clients.name, orders.client_id, orders.created_at, orders.id
) TO '{{file}}' WITH (FORMAT csv, FORCE_QUOTE *)"""


def report() -> list[Measured]:
    """A month with a million orders; every order of its database is moved into it."""
    databases.prepare("month")
    moved = f"""UPDATE clients_order SET created_at = {BEGIN}::timestamptz + (id % 44000) * interval '1 minute'
        WHERE created_at < {BEGIN} OR created_at >= {AFTER}"""
    timed("psql", "-q", databases.address("month"), "-c", moved, "-c", "VACUUM (ANALYZE) clients_order")
    ours, theirs = [], []
    with TemporaryDirectory() as folder:
        file = Path(folder) / "report.csv"
        for _ in range(2):
            seconds, orders = json.loads(sql_of(REPORT.replace("sys.argv[1]", repr(str(file))), "month"))
            assert orders == databases.DATABASES["month"][2]
            ours.append(seconds)
            theirs.append(copy(" ".join(REPORT_SQL.format(file=file).split()), "month"))
    what = "report of a month with 1,000,000 orders against `psql \\copy` of its orders"
    return [by_rounds(what, ours, theirs, whole_seconds, aim="≤ 2")]


def load() -> list[Measured]:
    """Into databases that are new, with their indexes: `load_demo`, and then the very same rows."""
    clients, orders = databases.DATABASES["load"][1:]
    with TemporaryDirectory() as folder:
        databases.drop("load")
        databases.create("load")
        size = ("--clients", str(clients), "--orders", str(orders))
        ours = timed(sys.executable, "manage.py", "load_demo", *size, database="load")
        tables = ("clients_client", "clients_order")
        for table in tables:
            copy(f"{table} TO '{folder}/{table}'", "load")
        databases.drop("load")
        databases.create("load")
        theirs = sum(copy(f"{table} FROM '{folder}/{table}'", "load") for table in tables)
        databases.drop("load")
    what = f"load_demo of {clients:,} clients and {orders:,} orders against `psql \\copy` of the same rows"
    return [Measured(what, whole_seconds(ours), whole_seconds(theirs), ours / theirs, "≤ 3", "≤ 3")]
