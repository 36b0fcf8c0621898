"""The office that faults happen to, and the table that they are written into."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path
from tempfile import mkdtemp

import pytest

from tests.faults.office import LONG, Office
from tests.faults.rows import Book, Fault, fault

BOOK = pytest.StashKey[Book]()


@pytest.fixture(scope="session")
def book(pytestconfig: pytest.Config) -> Book:
    return pytestconfig.stash.setdefault(BOOK, Book())


@pytest.fixture(scope="session")
def folder() -> Iterator[Callable[[], Path]]:
    """`folder()` makes one that PostgreSQL's own user can enter; it goes with the run."""
    made: list[Path] = []

    def make() -> Path:
        made.append(Path(mkdtemp(prefix="mini-crm-faults-", dir="/var/tmp")))
        made[-1].chmod(0o755)
        return made[-1]

    yield make
    for path in made:
        shutil.rmtree(path, ignore_errors=True)


@pytest.fixture(scope="session")
def office(folder: Callable[[], Path]) -> Iterator[Office]:
    with Office(folder()) as running:
        yield running


Does = Callable[[str], AbstractContextManager[Fault]]


@pytest.fixture
def happens(office: Office, book: Book, request: pytest.FixtureRequest) -> Does:
    """`with happens("PostgreSQL is stopped") as fault:` is one row of the table."""
    return partial(fault, office, book, request.module.GROUP)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """The table in short."""
    book = config.stash.get(BOOK, None)
    if book is None:
        return
    terminalreporter.section("faults")
    for row in book.rows:
        terminalreporter.line(
            f"{row.done}: {row.acknowledged} written, {row.lost} lost, {row.untold} untold, {row.doubled} doubled, "
            f"well after {row.well} s"
        )
    if not LONG:
        terminalreporter.line("Real waiting times: make test-faults LONG=1")
