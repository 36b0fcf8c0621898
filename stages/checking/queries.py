"""Which queries were run, and which line of the project ran each: for a check that counts them."""

import inspect
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import FrameType
from typing import Any, Self

import pytest
from django.db import DEFAULT_DB_ALIAS, connections
from django.template import Node
from django.test.utils import CaptureQueriesContext

from stages.catalog import ROOT
from stages.checking.words import code_line

LONGEST_SQL = 160
# So many queries are named where none was run twice.
NAMED = 4


@dataclass
class Queries:
    """Writes down the queries of these connections while its context lasts: SQL and the line that ran it."""

    aliases: tuple[str, ...] = (DEFAULT_DB_ALIAS,)
    seen: list[tuple[str, str]] = field(default_factory=list)
    stack: ExitStack = field(default_factory=ExitStack)

    def __enter__(self) -> Self:
        for alias in self.aliases:
            self.stack.enter_context(connections[alias].execute_wrapper(self.note))
        return self

    def __exit__(self, *raised: object) -> None:
        self.stack.close()

    def note(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        self.seen.append((sql, asking_line(inspect.currentframe())))
        return execute(sql, params, many, context)

    @property
    def most_often(self) -> tuple[str, str]:
        """The query that was run most often and its line; of several the last. Two empty texts where none was run."""
        times = Counter(sql for sql, _ in self.seen)
        return max(reversed(self.seen), key=lambda one: times[one[0]], default=("", ""))

    @property
    def each(self) -> str:
        return told(*self.most_often)

    @property
    def repeated(self) -> str:
        times = sum(sql == self.most_often[0] for sql, _ in self.seen)
        return f"{times} times: {self.each}"

    @property
    def listed(self) -> str:
        """What was run: the query that was run more than once, otherwise the first few."""
        if len({sql for sql, _ in self.seen}) < len(self.seen):
            return self.repeated
        more = len(self.seen) - NAMED
        named = [told(sql, line) for sql, line in self.seen[:NAMED]]
        return "; ".join([*named, *([f"and {more} more"] if more > 0 else [])])


def told(sql: str, line: str) -> str:
    return f"{shortened_sql(sql)}{f' ({line})' if line else ''}"


def shortened_sql(sql: str) -> str:
    """Its beginning and its end: what is asked for by which condition. The long list of columns goes first."""
    said = " ".join(sql.split())
    head, found, tail = said.partition(" FROM ")
    if found and len(said) > LONGEST_SQL and head.startswith("SELECT"):
        said = f"SELECT …{found}{tail}"
    return said if len(said) <= LONGEST_SQL else f"{said[:LONGEST_SQL]} …"


def asking_line(frame: FrameType | None, root: Path = ROOT) -> str:
    """The deepest line of the project, or of one of its templates, that led to this query."""
    while frame is not None:
        file, line = place_of(frame)
        if path := path_of_ours(file, root):
            return f"{path}:{line}"
        frame = frame.f_back
    return ""


@cache
def path_of_ours(file: str, root: Path) -> str:
    """The file relative to the repository; empty for what is not the project's. Remembered: each query asks often."""
    return code_line([(Path(file), 1)], root).rpartition(":")[0]


def place_of(frame: FrameType) -> tuple[str, int]:
    """The line of this frame; for a part of a template that is being rendered, the template's own."""
    node = frame.f_locals.get("self") if frame.f_code.co_name == "render_annotated" else None
    if isinstance(node, Node) and node.token is not None and node.origin is not None:
        return node.origin.name, node.token.lineno or 1
    return frame.f_code.co_filename, frame.f_lineno


@contextmanager
def counted(
    number: int, info: str = "", *, exact: bool = True, using: str = DEFAULT_DB_ALIAS
) -> Iterator[CaptureQueriesContext]:
    """Fails the check when more or fewer queries are run, and says which."""
    with Queries((using,)) as queries, CaptureQueriesContext(connections[using]) as captured:
        yield captured
    if len(captured) > number or (exact and len(captured) < number):
        pytest.fail(count_sentence(number, len(captured), queries, exact=exact, info=info))


def count_sentence(number: int, came: int, queries: Queries, *, exact: bool, info: str = "") -> str:
    wanted = f"{number} {'query' if number == 1 else 'queries'}{'' if exact else ' at most'}"
    said = (
        f"{wanted} {'was' if number == 1 else 'were'} expected, {came} {'was' if came == 1 else 'were'} run"
    )
    return ". ".join(part for part in (info, said, queries.listed) if part)
