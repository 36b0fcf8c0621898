"""Reads the test files as text: which checks a milestone has, how they are marked, and whether they assert."""

import ast
import re
from dataclasses import dataclass
from functools import cache

from stages.catalog import Milestone
from stages.checking.files import files_of
from tests.processes import ROOT


@dataclass(frozen=True)
class Check:
    """A test as it stands in its file."""

    name: str
    markers: frozenset[str]
    asserts: bool


@cache
def checks_of(milestone: Milestone) -> tuple[Check, ...]:
    """The tests of all its files."""
    trees = [ast.parse(file.read_text(encoding="utf-8")) for file in files_of(milestone, ROOT)]
    return tuple(
        Check(node.name, _markers(node), _asserts(node))
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_")
    )


def _markers(function: ast.FunctionDef | ast.AsyncFunctionDef) -> frozenset[str]:
    """The names of its `pytest.mark.…` decorators."""
    written = [ast.unparse(decorator).partition("(")[0] for decorator in function.decorator_list]
    return frozenset(name.removeprefix("pytest.mark.") for name in written if name.startswith("pytest.mark."))


def _asserts(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether it asserts, expects an exception or query count, or calls a helper whose name says that it asserts."""
    calls = [ast.unparse(node.func) for node in ast.walk(function) if isinstance(node, ast.Call)]
    helps = any(re.search(r"assert|raises|expect|validate", name) for name in calls)
    return helps or any(isinstance(node, ast.Assert) for node in ast.walk(function))
