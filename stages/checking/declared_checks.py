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

# A marker's name and its first argument.
Mark = tuple[str, str]
KIND_MARKERS = ("required", "switch", "beyond")


@dataclass(frozen=True)
class DeclaredCheck:
    """A check as it stands in its file. `test` is pytest's name for it, without parameters."""

    test: str
    markers: frozenset[str]
    # What it judges, each a name of CHECK_KINDS: exactly one where all is well. Its file's counts where it has none.
    kinds: tuple[str, ...]
    line: int

    @property
    def name(self) -> str:
        return self.test.rpartition("::")[2]


def declared_checks_of(milestone: Milestone, root: Path) -> list[DeclaredCheck]:
    """All checks of a milestone; none where its files are missing. A file with a syntax error has none either."""
    return [check for file in files_of(milestone, root) for check in checks_in(file, root)]


def checks_in(file: Path, root: Path) -> list[DeclaredCheck]:
    try:
        body = ast.parse(file.read_text(encoding="utf-8")).body
    except SyntaxError:
        return []
    path = file.relative_to(root).as_posix()
    whole = _kinds(_marks_of_the_file(body))
    return [
        DeclaredCheck(
            f"{path}::{node.name}",
            frozenset(name for name, _ in _marks(node.decorator_list)),
            _kinds(_marks(node.decorator_list)) or whole,
            node.lineno,
        )
        for node in body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_")
    ]


def _marks(decorators: Iterable[ast.expr]) -> list[Mark]:
    """The NAME of each `@pytest.mark.NAME` and `@pytest.mark.NAME(…)`, with the first argument."""
    found = []
    for decorator in decorators:
        marker = decorator.func if isinstance(decorator, ast.Call) else decorator
        if isinstance(marker, ast.Attribute) and ast.unparse(marker.value) == "pytest.mark":
            arguments = decorator.args if isinstance(decorator, ast.Call) else []
            first = arguments[0].value if arguments and isinstance(arguments[0], ast.Constant) else ""
            found.append((marker.attr, str(first)))
    return found


def _marks_of_the_file(body: Iterable[ast.stmt]) -> list[Mark]:
    """Those of its `pytestmark`, one or a list."""
    for node in body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "pytestmark":
            return _marks(node.value.elts if isinstance(node.value, ast.List) else [node.value])
    return []


def _kinds(marks: Iterable[Mark]) -> tuple[str, ...]:
    return tuple(value if name == "beyond" else name for name, value in marks if name in KIND_MARKERS)
