"""The databases the lab works on, made once: a large and a small one on PostgreSQL, and two SQLite files."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
SERVER = os.environ.get("BENCH_SERVER", "postgres://postgres@127.0.0.1:5432")
FILES = Path(os.environ.get("BENCH_FILES", ROOT / ".bench"))

# name: address, clients, orders
DATABASES = {
    "large": (f"{SERVER}/crm_bench", 1_000_000, 5_000_000),
    "small": (f"{SERVER}/crm_bench_small", 1_000, 5_000),
    "10,000": (f"{SERVER}/crm_bench_10000", 10_000, 50_000),
    "100,000": (f"{SERVER}/crm_bench_100000", 100_000, 500_000),
    # A month of a million orders, and demo data on its way in (bench/files_beside.py).
    "month": (f"{SERVER}/crm_bench_month", 100_000, 1_000_000),
    "load": (f"{SERVER}/crm_bench_load", 100_000, 500_000),
    "sqlite large": (f"sqlite:///{FILES / 'large.sqlite3'}", 100_000, 500_000),
    "sqlite small": (f"sqlite:///{FILES / 'small.sqlite3'}", 1_000, 5_000),
}


# What the table of `make bench` needs; the others are for the curves.
TABLE = ("large", "small", "sqlite large", "sqlite small")
# From the smallest up, by their number of clients.
CURVE = ("small", "10,000", "100,000", "large")


def address(name: str) -> str:
    return DATABASES[name][0]


def environment(name: str, **more: str) -> dict[str, str]:
    """What a process needs to work on this database."""
    settings = {
        "DJANGO_SETTINGS_MODULE": "bench.settings",
        "DATABASE_URL": address(name),
        "PYTHONPATH": str(ROOT),
        # Kept from the first start on, as everywhere: to compile our files anew is no part of any figure.
        "PYTHONDONTWRITEBYTECODE": "",
    }
    return {**os.environ, **settings, **more}


def prepare(name: str) -> None:
    """Creates, migrates and fills the database; does nothing that has been done before."""
    _, clients, orders = DATABASES[name]
    create(name)
    manage(name, "load_demo", "--clients", str(clients), "--orders", str(orders))


def create(name: str) -> None:
    """The database with its tables, where it is not there yet."""
    url = address(name)
    FILES.mkdir(exist_ok=True)
    if url.startswith("postgres"):
        server, _, database = url.rpartition("/")
        command = ["createdb", "--maintenance-db", f"{server}/postgres", database]
        subprocess.run(command, check=False, capture_output=True)
    manage(name, "migrate", "-v", "0")


def drop(name: str) -> None:
    server, _, database = address(name).rpartition("/")
    subprocess.run(["dropdb", "--if-exists", "--maintenance-db", f"{server}/postgres", database], check=True)


def manage(name: str, *command: str) -> None:
    subprocess.run([sys.executable, "manage.py", *command], cwd=ROOT, env=environment(name), check=True)


def python(name: str, *arguments: str, **more: str) -> str:
    """What a Python that works on this database writes; `more` is added to its environment."""
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=environment(name, **more),
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout


def program(name: str, module: str, *arguments: str, **more: str) -> Any:
    """What a program of the lab writes as its last line, which is JSON."""
    return json.loads(python(name, "-m", module, *arguments, **more).splitlines()[-1])
