"""How far a learner has come."""

from argparse import ArgumentParser
from typing import Any

from stages.catalog import ROOT, Milestone, catalog
from stages.checking.results import NoResultsError, Report, Row
from stages.checking.text import columns
from stages.commands.check import Output
from stages.practice.asked import can_be_practised, suggestion
from stages.practice.own_tests import Judged
from stages.practice.putting_back import attempts_of
from stages.practice.state import State
from stages.practice.writing import end_unfinished

HELP = (
    "Show which milestones you have begun, how many of their required checks hold, your attempts and hints."
)
HEADINGS = ("No.", "Milestone", "State", "Attempts", "Hints")


def add_arguments(parser: ArgumentParser) -> None:
    pass


def run(out: Output, options: dict[str, Any]) -> int:
    end_unfinished(ROOT, out.write)
    state = State.read(ROOT)
    found = known()
    practised = [milestone for milestone in catalog() if can_be_practised(milestone)]
    for line in columns(HEADINGS, [line_of(milestone, state, found) for milestone in practised]):
        out.write(line)
    out.write(f"\n{suggestion(state, [one for one in practised if attempts_of(one, ROOT)])}")
    return 0


def known() -> dict[Milestone, Row]:
    """What the last checks found, milestone by milestone."""
    try:
        return {row.milestone: row for row in Report.read(ROOT / ".results" / "latest.json").rows}
    except (NoResultsError, LookupError, TypeError, ValueError):
        return {}


def line_of(milestone: Milestone, state: State, found: dict[Milestone, Row]) -> tuple[str, ...]:
    attempts, hints = len(attempts_of(milestone, ROOT)), state.hints.get(milestone.slug, 0)
    shown = f"{hints} of {len(milestone.hints)}" if hints else ""
    return str(milestone.number), milestone.slug, said_of(milestone, state, found), str(attempts or ""), shown


def said_of(milestone: Milestone, state: State, found: dict[Milestone, Row]) -> str:
    if milestone not in state.milestones:
        return "not begun" if not attempts_of(milestone, ROOT) else "put back"
    if milestone.own_tests_catch and (judged := Judged.read(ROOT)):
        return f"{'done' if judged.holds else 'yours'}: {judged.words}"
    held, all_ = found[milestone].counts.get("required", (0, 0)) if milestone in found else (0, 0)
    if not all_:
        return "yours, not checked yet"
    return "done" if held == all_ else f"yours: {held} of {all_} required hold"
