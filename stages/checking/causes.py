"""Which red checks are perhaps only a consequence of another milestone's: so that this one is mended first.

Nothing here changes a verdict. It is a pointer, and it says what it rests on: the line an error came through, the
milestones a check switches on besides its own, and the code that the milestone's own code uses.
"""

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from stages.catalog import ROOT, Milestone, catalog
from stages.checking.grouping import Check, Checks
from stages.checking.results import RED, Report, Row
from stages.checking.uses import used_by
from stages.code import Excerpt, MissingCodeError, excerpt


@dataclass(frozen=True)
class Cause:
    """The milestone to mend first, and why that is thought."""

    milestone: Milestone
    why: str

    def __str__(self) -> str:
        return f"Probably a consequence of milestone {self.milestone.number} ({self.milestone.title}): {self.why}."


@dataclass(frozen=True)
class Causes:
    """Asks for one report's checks. Its milestones that fail by themselves are the only causes there can be."""

    report: Report
    root: Path = ROOT

    def of(self, row: Row, check: Check) -> Cause | None:
        """The first that is found, the surest first; None where the check fails for its own milestone's sake."""
        return next(
            (cause for find in (self.line, self.switch, self.code) for cause in find(row, check)), None
        )

    def others(self, row: Row) -> list[Milestone]:
        """The milestones that could be the cause: they fail themselves, and do not stand on this one.

        None in somebody else's project, of whose code nothing is known here.
        """
        if self.report.project:
            return []
        red = [one for one in self.report.rows if one.status in RED and one.milestone != row.milestone]
        return [
            one.milestone for one in red if row.milestone not in catalog().requirements(one.milestone.slug)
        ]

    def line(self, row: Row, check: Check) -> Iterator[Cause]:
        """The error came through the other's code, or through the very line that its own checks break at."""
        for other in (
            self.others(row) if check.line and not is_in(check.line, row.milestone, self.root) else ()
        ):
            if is_in(check.line, other, self.root):
                yield Cause(other, f"the error comes from {check.line}, which is its code")
            elif check.line in self.lines_of(other):
                yield Cause(other, f"its checks break at {check.line} too")

    def lines_of(self, milestone: Milestone) -> set[str]:
        found = next(row for row in self.report.rows if row.milestone == milestone)
        return {check.line for check in Checks.of(found).bad}

    def switch(self, row: Row, check: Check) -> Iterator[Cause]:
        named = words_in(check.test, self.root)
        for other in self.others(row):
            if other.slug in named:
                yield Cause(other, "the check switches that one on as well, and it fails itself")

    def code(self, row: Row, check: Check) -> Iterator[Cause]:
        used = used_by(row.milestone.whole_code, self.root)
        for other in self.others(row):
            for entry in other.whole_code:
                if entry in used:
                    name = entry.rpartition(":")[2]
                    yield Cause(other, f"the code here uses its {name}, and it fails itself")


def is_in(line: str, milestone: Milestone, root: Path) -> bool:
    """Whether `path:line` lies in the code that the manifest names for this milestone."""
    path, _, number = line.rpartition(":")
    return any(
        found.path == path and found.first <= int(number) <= found.last
        for entry in milestone.whole_code
        if (found := _excerpt(entry, root))
    )


def _excerpt(entry: str, root: Path) -> Excerpt | None:
    try:
        return excerpt(entry, root)
    except MissingCodeError:
        return None


def words_in(test: str, root: Path) -> set[str]:
    """The texts that a test function hands to calls of `milestones.on` and `milestones.only`."""
    path, _, name = test.partition("::")
    try:
        tree = ast.parse((root / path).read_text(encoding="utf-8"))
    except (OSError, SyntaxError):
        return set()
    functions = (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name == name)
    return {text for function in functions for text in _switched_on(ast.walk(function))}


def _switched_on(nodes: Iterable[ast.AST]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.Call) and ast.unparse(node.func) in ("milestones.on", "milestones.only"):
            yield from (
                one.value for one in node.args if isinstance(one, ast.Constant) and isinstance(one.value, str)
            )
