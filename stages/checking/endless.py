"""Ends a check that is caught in an endless loop, at the line where it is: `--seconds-a-check N`.

The alarm rings again and again: code that catches every error, or a tool that tries the same input once more, does not
get away with it. Once one check was ended the others get less time, since most of them meet the same loop. Where a
system has no such alarm (Windows) only the limit of the whole run holds.
"""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

import pytest

AFTERWARDS = 2.0
AGAIN = 0.1
LIMIT = pytest.StashKey[float]()
# The type's own stub does not say that it can be a base.
Failed: Any = pytest.fail.Exception


class EndlessError(Failed):
    """A check was ended. Not caught by `except Exception`, as all that pytest fails with."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.getgroup("curriculum").addoption(
        "--seconds-a-check",
        type=float,
        metavar="N",
        help="end a check that takes longer than this, as an endless loop does",
    )


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    seconds = item.config.getoption("seconds_a_check")
    if not seconds or not hasattr(signal, "setitimer"):
        return (yield)
    limit = item.config.stash.get(LIMIT, seconds)
    try:
        with ended_after(limit):
            return (yield)
    except EndlessError:
        item.config.stash[LIMIT] = min(limit, AFTERWARDS)
        raise


@contextmanager
def ended_after(seconds: float) -> Iterator[None]:
    """Fails what takes longer, wherever it is, and again soon after that."""

    def ring(number: int, frame: FrameType | None) -> None:
        raise EndlessError(f"It was stopped after {seconds:g} seconds: is there a loop that never ends?")

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds, AGAIN)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
