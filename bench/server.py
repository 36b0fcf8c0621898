"""A gunicorn of our own and the load on it, over loopback only, bounded in number and time."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.request import Request, urlopen

from bench.databases import ROOT, environment, python
from bench.pages import clients_named

HOST = "127.0.0.1"
ROUNDS = 3
# How long a page is asked for in each.
SECONDS = 2


@dataclass(frozen=True)
class Server:
    """A running gunicorn with one worker of eight threads."""

    port: int
    master: int

    def worker(self) -> int:
        """The worker's process id."""
        children = Path(f"/proc/{self.master}/task/{self.master}/children").read_text().split()
        return int(children[0])

    def memory(self, field: str = "VmRSS") -> int:
        return memory_of(self.worker(), field)


def memory_of(process: int, field: str = "VmRSS") -> int:
    """Its resident memory in bytes; `VmHWM` is the most it ever was."""
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith(f"{field}:"))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


@contextmanager
def gunicorn(database: str, application: str = "mini_crm.wsgi", **more: str) -> Iterator[Server]:
    port = free_port()
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        application,
        "-b",
        f"{HOST}:{port}",
        "-w",
        "1",
        "-k",
        "gthread",
    ]
    command += ["--threads", "8", "--timeout", "600", "--log-level", "error"]
    process = subprocess.Popen(command, cwd=ROOT, env=environment(database, **more))
    try:
        wait_until_answered(port)
        yield Server(port, process.pid)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=30)


def wait_until_answered(port: int) -> None:
    for _ in range(200):
        try:
            connection = http.client.HTTPConnection(HOST, port, timeout=5)
            connection.request("GET", "/health/")
            if connection.getresponse().read() == b"ok":
                return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError("gunicorn does not answer")


def requests_per_second(server: Server, path: str, *, cookie: str = "", connections: int = 4) -> float:
    """How many requests a second are answered with 200 to this many connections that ask one after the other."""

    def ask(_: int) -> int:
        connection = http.client.HTTPConnection(HOST, server.port, timeout=60)
        answered, end = 0, time.monotonic() + SECONDS
        while time.monotonic() < end:
            connection.request("GET", path, headers={"Cookie": cookie} if cookie else {})
            response = connection.getresponse()
            response.read()
            assert response.status == 200, (path, response.status)
            answered += 1
        return answered

    with ThreadPoolExecutor(connections) as pool:
        start = time.monotonic()
        total = sum(pool.map(ask, range(connections)))
        return total / (time.monotonic() - start)


def rates(server: Server, *paths: str, cookie: str = "") -> list[list[float]]:
    """Requests a second of each path in each round, asked by turns."""
    taken: list[list[float]] = [[] for _ in paths]
    for _ in range(ROUNDS):
        for index, path in enumerate(paths):
            taken[index].append(requests_per_second(server, path, cookie=cookie))
    return taken


def clients_on(server: Server, path: str, cookie: str) -> list[str]:
    """Whom a page or a file names."""
    request = Request(f"http://{HOST}:{server.port}{path}", headers={"Cookie": cookie})  # our own server
    with urlopen(request, timeout=600) as response:
        return clients_named(response.read().decode())


def download(server: Server, path: str, cookie: str) -> tuple[float, int]:
    """Seconds and bytes of a streamed answer."""
    request = Request(f"http://127.0.0.1:{server.port}{path}", headers={"Cookie": cookie})  # our own server
    start, size = time.perf_counter(), 0
    with urlopen(request, timeout=600) as response:
        while chunk := response.read(1 << 20):
            size += len(chunk)
    return time.perf_counter() - start, size


def first_bytes(server: Server, path: str, cookie: str, size: int) -> float:
    """Seconds until the first ones of a streamed answer are there; the rest is hung up on."""
    request = Request(f"http://127.0.0.1:{server.port}{path}", headers={"Cookie": cookie})  # our own server
    start = time.perf_counter()
    with urlopen(request, timeout=600) as response:
        assert len(response.read(size)) == size, f"{path} is shorter than {size} bytes"
        return time.perf_counter() - start


def session_cookie(database: str) -> str:
    """The Cookie header of a member of staff who is signed in."""
    code = "import django; django.setup(); from bench.pages import browser; print(browser().cookies['sessionid'].value)"
    return f"sessionid={python(database, '-c', code).strip()}"


def cores() -> int:
    return os.cpu_count() or 1
