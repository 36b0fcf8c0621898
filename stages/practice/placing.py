"""Puts a plain solution in the place of what was taken out, as a learner would who copies it."""

import ast
import re
from pathlib import Path

from stages.catalog import Milestone
from stages.practice.putting_back import edited
from stages.practice.regions import Lines
from stages.practice.solutions import folder, plain
from stages.practice.state import State


def put_solution(milestone: Milestone, root: Path) -> None:
    """Raises MissingCodeError where the solution lacks a place."""
    state = State.read(root)
    for path in sorted({region.path for region in state.regions(milestone)}):
        file = edited(path, state, root)
        lines, placed = list(file.now), ""
        for region, place in sorted(file.places.items(), reverse=True):
            if region.milestone == milestone.slug:
                solution = plain(region.name, milestone, root).text
                lines[slice(*place)] = _indented(solution, file.original[region.first - 1])
                placed += f"{solution}\n"
        text = b"".join(lines).decode()
        if path.endswith(".py"):
            text = with_imports(text, (folder(milestone, root) / path).read_text(encoding="utf-8"), placed)
        (root / path).write_bytes(text.encode())


def _indented(text: str, first: bytes) -> Lines:
    indent = first[: len(first) - len(first.lstrip())].decode()
    return [f"{indent}{line}\n".encode() if line.strip() else b"\n" for line in text.splitlines()]


def with_imports(text: str, solution: str, placed: str) -> str:
    """The text with those imports of the solution that it lacks and the placed code needs, below its own."""
    tree = ast.parse(text)
    known = {name for statement in tree.body for name in _defined(statement)}
    needed = set(re.findall(r"\w+", placed)) - known
    lacking = [
        line
        for statement in ast.parse(solution).body
        if isinstance(statement, ast.Import | ast.ImportFrom)
        for line in _one_by_one(statement, needed)
    ]
    last = max(
        (s.end_lineno or 0 for s in tree.body if isinstance(s, ast.Import | ast.ImportFrom)), default=0
    )
    lines = text.splitlines(keepends=True)
    return "".join([*lines[:last], *lacking, *lines[last:]])


def _defined(statement: ast.stmt) -> list[str]:
    if isinstance(statement, ast.Import | ast.ImportFrom):
        return [alias.asname or alias.name for alias in statement.names]
    if isinstance(statement, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
        return [statement.name]
    return []


def _one_by_one(statement: ast.Import | ast.ImportFrom, needed: set[str]) -> list[str]:
    """One import for each name that is needed."""
    lines = []
    for alias in statement.names:
        if (alias.asname or alias.name) in needed:
            single: ast.stmt = ast.Import([alias])
            if isinstance(statement, ast.ImportFrom):
                single = ast.ImportFrom(statement.module, [alias], statement.level)
            lines.append(f"{ast.unparse(single)}\n")
    return lines
