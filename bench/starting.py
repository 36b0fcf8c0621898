"""How long the project takes to start, and a worker's memory, beside a bare project with the same apps less ours."""

import subprocess
import sys
import time

from bench import databases
from bench.measured import Measured, by_rounds, megabytes, milliseconds
from bench.server import ROUNDS, download, gunicorn

# Without the lab's own addresses and peers.
OURS = {"DJANGO_SETTINGS_MODULE": "mini_crm.settings.advanced", "DEBUG": "0"}
BARE = {"DJANGO_SETTINGS_MODULE": "bench.bare_settings"}


def start() -> list[Measured]:
    return [*commands(), *worker()]


def commands() -> list[Measured]:
    """By turns: both of ours and the bare project's `check`."""
    turns = [
        (manage("check", **OURS), manage("stages", "list", **OURS), manage("check", **BARE))
        for _ in range(ROUNDS)
    ]
    check, listed, bare = ([turn[side] for turn in turns] for side in range(3))
    return [
        by_rounds("`manage.py check` against a bare project's", check, bare, milliseconds, "≤ 2", "≤ 1.5"),
        by_rounds(
            "`manage.py stages list` against a bare project's `check`",
            listed,
            bare,
            milliseconds,
            "≤ 2",
            "≤ 1.5",
        ),
    ]


def manage(*command: str, **more: str) -> float:
    begun = time.perf_counter()
    subprocess.run(
        [sys.executable, "manage.py", *command],
        cwd=databases.ROOT,
        env=databases.environment("small", **more),
        check=True,
        capture_output=True,
    )
    return time.perf_counter() - begun


def worker() -> list[Measured]:
    """Until gunicorn has answered its first request, and its memory then."""
    taken: dict[str, list[tuple[float, int]]] = {"ours": [], "bare": []}
    for _ in range(ROUNDS):
        taken["ours"].append(started(**OURS))
        taken["bare"].append(started(**BARE))
    (seconds, memory), (bare_seconds, bare_memory) = (zip(*found, strict=True) for found in taken.values())
    return [
        by_rounds(
            "start of a worker against a bare project's", seconds, bare_seconds, milliseconds, "≤ 2", "≤ 1.5"
        ),
        by_rounds(
            "memory of a worker against a bare project's", memory, bare_memory, megabytes, "≤ 2", "≤ 1.5"
        ),
    ]


def started(**more: str) -> tuple[float, int]:
    begun = time.perf_counter()
    with gunicorn("small", **more) as server:
        download(server, "/health/", "")
        return time.perf_counter() - begun, server.memory()
