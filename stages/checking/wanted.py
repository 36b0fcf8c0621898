"""Which checks have to run, read from the test files as text.

What was asked for is found apart from the run itself: a file that does not import, a check that was renamed, skipped or
left out cannot pass unnoticed.
"""

import ast
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from stages.catalog import Milestone
from stages.checking.files import files_of


@dataclass(frozen=True)
class Wanted:
    """A check as it stands in its file. `test` is pytest's name for it, without parameters."""

    test: str
    markers: frozenset[str]
    line: int

    @property
    def name(self) -> str:
        return self.test.rpartition("::")[2]


def wanted_of(milestone: Milestone, root: Path) -> list[Wanted]:
    """All checks of a milestone; none where its files are missing. A file with a syntax error has none either."""
    return [check for file in files_of(milestone, root) for check in checks_in(file, root)]


def checks_in(file: Path, root: Path) -> list[Wanted]:
    try:
        body = ast.parse(file.read_text(encoding="utf-8")).body
    except SyntaxError:
        return []
    path = file.relative_to(root).as_posix()
    return [
        Wanted(f"{path}::{node.name}", frozenset(_markers(node.decorator_list)), node.lineno)
        for node in body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_")
    ]


def _markers(decorators: Iterable[ast.expr]) -> Iterable[str]:
    """The NAME of each `@pytest.mark.NAME` and `@pytest.mark.NAME(…)`."""
    for decorator in decorators:
        marker = decorator.func if isinstance(decorator, ast.Call) else decorator
        if isinstance(marker, ast.Attribute) and ast.unparse(marker.value) == "pytest.mark":
            yield marker.attr
