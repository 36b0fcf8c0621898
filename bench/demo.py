"""The demo's appetite: how much its process grows while every page is looked at, and what the debug toolbar costs.

Two servers as `make demo` starts them, one of them without the toolbar, on two copies of one SQLite file. Their pages
are asked by turns; the memory is that of the server process, read after a first round and after the last one.
"""

import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, build_opener

from bench.databases import ROOT
from bench.server import free_port, wait_until_answered

WITH, WITHOUT = "mini_crm.settings.advanced", "bench.demo_settings"
VIEWS = 100
TIMED = 20
PAGES = (
    "/",
    "/clients/",
    "/clients/?q=an&active=1",
    "/clients/add/",
    "/clients/1/",
    "/clients/1/edit/",
    "/clients/1/edit/delete/",
    "/clients/merge/?keep=1&merge=2",
    "/reports/",
    "/stages/",
    "/stages/search-pagination/",
    "/stages/live-orders/",
    "/accounts/logout/",
    "/admin/clients/client/",
    "/api/clients/",
    "/api/docs/",
)


@dataclass(frozen=True)
class Demo:
    """A running demo and a browser in which the manager is signed in."""

    port: int
    process: int
    browser: OpenerDirector

    def seconds(self, path: str) -> float:
        start = time.perf_counter()
        with self.browser.open(f"http://127.0.0.1:{self.port}{path}", timeout=60) as answer:
            answer.read()
        return time.perf_counter() - start

    def memory(self) -> float:
        """Resident memory in MB."""
        lines = Path(f"/proc/{self.process}/status").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS:")) / 1024


def prepared(folder: Path) -> Path:
    """A SQLite file with the demo's data and accounts."""
    database = folder / "demo.sqlite3"
    environment = {**os.environ, "DATABASE_URL": f"sqlite:///{database}", "MEDIA_ROOT": str(folder / "media")}
    for command in (["migrate", "--verbosity", "0"], ["load_demo", "--accounts"]):
        subprocess.run(
            [sys.executable, "manage.py", *command],
            cwd=ROOT,
            env=environment,
            check=True,
            capture_output=True,
        )
    return database


@contextmanager
def demo(settings: str, database: Path) -> Iterator[Demo]:
    port = free_port()
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": settings,
        "DATABASE_URL": f"sqlite:///{database}",
        "MEDIA_ROOT": str(database.parent / "media"),
    }
    command = [sys.executable, "manage.py", "runserver", "--noreload", str(port)]
    process = subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        wait_until_answered(port)
        yield Demo(port, process.pid, signed_in(port))
    finally:
        process.terminate()
        process.wait(timeout=30)


def signed_in(port: int) -> OpenerDirector:
    browser = build_opener(HTTPCookieProcessor(CookieJar()))
    address = f"http://127.0.0.1:{port}/accounts/login/"
    form = browser.open(address, timeout=60).read().decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', form)
    assert token, "the login page has no form"
    fields = {"csrfmiddlewaretoken": token[1], "username": "admin", "password": "demo"}
    browser.open(address, urlencode(fields).encode(), timeout=60).read()
    return browser


@dataclass(frozen=True)
class Appetite:
    """Medians of seconds for each page, with the toolbar and without; MB grown with it and without."""

    pages: dict[str, tuple[float, float]]
    grown: tuple[float, float]

    @property
    def slowest(self) -> str:
        """The page that the toolbar slows most."""
        return max(self.pages, key=lambda path: self.pages[path][0] / self.pages[path][1])


def appetite() -> Appetite:
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        database = prepared(Path(folder))
        copy = Path(shutil.copytree(folder, f"{folder}/without"), database.name)
        with_it = stack.enter_context(demo(WITH, database))
        without = stack.enter_context(demo(WITHOUT, copy))
        for path in PAGES:
            with_it.seconds(path), without.seconds(path)
        before = with_it.memory(), without.memory()
        pages = {path: looked_at(path, with_it, without) for path in PAGES}
        return Appetite(pages, (with_it.memory() - before[0], without.memory() - before[1]))


def looked_at(path: str, with_it: Demo, without: Demo) -> tuple[float, float]:
    """The page's median seconds in both, asked by turns; then the rest of its views, for the memory alone."""
    taken = [(with_it.seconds(path), without.seconds(path)) for _ in range(TIMED)]
    for _ in range(VIEWS - TIMED):
        with_it.seconds(path)
    slow, quick = (statistics.median(column) for column in zip(*taken, strict=True))
    return slow, quick
