"""Reads the test files as text: which checks a milestone has, how they are marked, and whether they assert."""

import ast
import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from stages.catalog import Milestone
from stages.checking.files import files_of
from tests.processes import ROOT

Function = ast.FunctionDef | ast.AsyncFunctionDef
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


@dataclass(frozen=True)
class Check:
    """A test as it stands in its file."""

    name: str
    markers: frozenset[str]
    asserts: bool


@cache
def checks_of(milestone: Milestone) -> tuple[Check, ...]:
    """The tests of all its files."""
    return tuple(check for file in files_of(milestone, ROOT) for check in checks_in(file))


def checks_in(file: Path) -> list[Check]:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    functions = [node for node in ast.walk(tree) if isinstance(node, FUNCTIONS)]
    helpers = {function.name for function in functions if _asserts(function, frozenset())}
    return [
        Check(function.name, _markers(function), _asserts(function, helpers))
        for function in functions
        if function.name.startswith("test_")
    ]


def _markers(function: Function) -> frozenset[str]:
    """The names of its `pytest.mark.…` decorators."""
    written = [ast.unparse(decorator).partition("(")[0] for decorator in function.decorator_list]
    return frozenset(name.removeprefix("pytest.mark.") for name in written if name.startswith("pytest.mark."))


def _asserts(function: Function, helpers: Collection[str]) -> bool:
    """Whether it asserts, expects an exception, or calls a helper that does: of this file, or told by its name."""
    calls = [ast.unparse(node.func) for node in ast.walk(function) if isinstance(node, ast.Call)]
    helped = any(name in helpers or re.search(r"assert|raises|expect|validate", name) for name in calls)
    return helped or any(isinstance(node, ast.Assert) for node in ast.walk(function))
