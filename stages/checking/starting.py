"""How a run of pytest is started, and what is left of it when it ends."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path

from stages.catalog import ROOT

# A run that takes longer has met an endless loop: the whole suite takes less.
MOST_SECONDS = 900.0
TOO_LONG = 124  # as the command `timeout` ends
LAST_BYTES = 20_000


@dataclass(frozen=True)
class Ended:
    status: int
    # The last lines of what it printed, errors among them.
    output: str


# Takes the arguments of pytest, and the seconds after which it is stopped.
Start = Callable[[Sequence[str], float], Ended]


def in_a_new_process(arguments: Sequence[str], seconds: float = MOST_SECONDS) -> Ended:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "output.txt")
        with path.open("wb") as output:
            status = _status(arguments, output.fileno(), seconds)
        return Ended(status, last_lines(path))


def _status(arguments: Sequence[str], output: int, seconds: float) -> int:
    try:
        ended = subprocess.run(  # noqa: S603  # our own command
            [sys.executable, "-m", "pytest", *arguments],
            cwd=ROOT,
            env=environment(),
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            timeout=seconds,
        )
    except subprocess.TimeoutExpired:
        return TOO_LONG
    return ended.returncode


def environment() -> dict[str, str]:
    """The profile of this process is not handed on: the files' own paths decide."""
    return {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}


def last_lines(path: Path) -> str:
    """The end of the file, however long it is; nothing when there is none."""
    try:
        with path.open("rb") as file:
            file.seek(max(0, path.stat().st_size - LAST_BYTES))
            return file.read().decode("utf-8", "replace")
    except FileNotFoundError:
        return ""


# What starts a run: a new process, unless there is a warm one (warm_process.py).
started_by: ContextVar[Start] = ContextVar("started_by", default=in_a_new_process)


def run_pytest(arguments: Sequence[str]) -> Ended:
    return started_by.get()(arguments, MOST_SECONDS)
