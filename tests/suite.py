"""Reads the test files as text: which checks a milestone has, how they are marked, and whether they assert."""

import ast
import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from stages.catalog import Milestone
from stages.checking import declared_checks
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
    asserting = asserting_in(file)
    declared = declared_checks.checks_in(file, file.parent)
    return [Check(one.name, one.markers, one.name in asserting) for one in declared]


def asserting_in(file: Path) -> set[str]:
    """The functions of a file that assert."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    functions = [node for node in ast.walk(tree) if isinstance(node, FUNCTIONS)]
    helpers = {function.name for function in functions if _asserts(function, frozenset())}
    return {function.name for function in functions if _asserts(function, helpers)}


def _asserts(function: Function, helpers: Collection[str]) -> bool:
    """Whether it asserts, expects an exception, or calls a helper that does: of this file, or told by its name."""
    calls = [ast.unparse(node.func) for node in ast.walk(function) if isinstance(node, ast.Call)]
    helped = any(name in helpers or re.search(r"assert|raises|expect|validate", name) for name in calls)
    return helped or any(isinstance(node, ast.Assert) for node in ast.walk(function))
