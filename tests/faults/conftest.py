"""The office that faults happen to, and the table that they are written into."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path
from tempfile import mkdtemp

import pytest

from tests.faults.office import LONG, Office
from tests.faults.rows import Book, Fault, Row, fault

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


@pytest.fixture
def not_run(book: Book, request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """`not_run("A full disk", "only root may mount one")`: a row that this machine cannot try. A long run fails."""

    def say(done: str, why: str) -> None:
        book.add(Row(request.module.GROUP, done, not_run=why))
        if LONG:
            pytest.fail(f"{done}: {why}")
        pytest.skip(f"{done}: {why}")

    return say


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """The table in short."""
    book = config.stash.get(BOOK, None)
    if book is None:
        return
    terminalreporter.section("faults")
    for row in book.rows:
        terminalreporter.line(f"{row.done}: {in_short(row)}")
    if not LONG:
        terminalreporter.line("Real waiting times: make test-faults LONG=1")


def in_short(row: Row) -> str:
    if row.not_run:
        return f"not run: {row.not_run}"
    if row.hands:
        return "NOT WELL AGAIN"
    numbers = f"{row.acknowledged} written, {row.lost} lost, {row.untold} untold, {row.doubled} doubled"
    return f"{numbers}, well after {row.well} s"
