"""Results as plain lines: no colour, no cursor, the same in a terminal, a log and a screen reader."""

from collections.abc import Iterable, Sequence

from stages.checking.results import Result, Row, Status

# How many red checks of a milestone are told in full; the first ones usually say it all.
TOLD = 5
WORDS = {Status.PASS: "pass", Status.FAIL: "FAIL", Status.ERROR: "ERROR", Status.BLOCKED: "blocked"}


def columns(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """A table whose columns are as wide as they have to be."""
    lines = [headings, *rows]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return ["  ".join(map(str.ljust, line, widths)).rstrip() for line in lines]


def of_row(row: Row) -> list[str]:
    """A milestone in one line, and what is red about it below; blocked is one line."""
    if row.blocked_by:
        return [f"blocked  {row.milestone}: waits for {', '.join(row.blocked_by)}"]
    passed = sum(result.status is Status.PASS for result in row.results)
    head = f"{WORDS[row.status]:<8} {row.milestone}: {passed} of {len(row.results)} checks pass"
    more = len(row.bad) - TOLD
    lines = [line for result in row.bad[:TOLD] for line in of_result(result)]
    return [head, *lines, *([f"  … and {more} more"] if more > 0 else [])]


def of_result(result: Result) -> list[str]:
    about = f" [{result.run}]" if result.run != "own" else ""
    required = ", required" if result.required else ""
    head = f"  {WORDS[result.status]}{about} {result.title}{required}"
    return [head, *(f"      {line}" for line in result.message.splitlines()), f"      Check: {result.test}"]
