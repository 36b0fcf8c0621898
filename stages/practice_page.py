"""What the curriculum's pages say of a milestone that can be written again."""

from dataclasses import dataclass

from django.conf import settings

from stages.catalog import ROOT, Milestone
from stages.last_results import last_check
from stages.practice.asked import can_be_practised
from stages.practice.own_tests import Judged
from stages.practice.putting_back import attempts_of
from stages.practice.state import taken_out


@dataclass(frozen=True)
class PracticeOnPage:
    """`state` is not-begun, yours or done; `words` says it, with what the last check found."""

    milestone: Milestone
    state: str
    words: str
    attempts: int

    @property
    def commands(self) -> tuple[tuple[str, str], ...]:
        """The three commands, each with what it does."""
        number = self.milestone.number
        return (
            (f"python manage.py stages start {number}", "takes it out of the code; the original is kept"),
            (f"python manage.py stages check {number} --watch", "says at each save what is missing"),
            (f"python manage.py stages restore {number}", "puts the original back"),
        )


def practice_of(milestone: Milestone) -> PracticeOnPage | None:
    """None where nobody writes: on a server that is locked, and for what has no code to write."""
    if settings.CRM_LOCKED or not can_be_practised(milestone):
        return None
    state, words = _state(milestone)
    return PracticeOnPage(milestone, state, words, len(attempts_of(milestone, ROOT)))


def _state(milestone: Milestone) -> tuple[str, str]:
    if milestone.slug not in taken_out(ROOT):
        return "not-begun", "not started"
    if milestone.own_tests_catch:
        return _state_of_own_tests()
    check = last_check(milestone.slug)
    if check is None or not check.required[1]:
        return "yours", "yours: not checked yet"
    held, every = check.required
    if held == every and check.status == "pass":
        return "done", f"done: {held} of {every} required hold"
    changed = ", changed since the last check" if check.status == "stale" else ""
    return "yours", f"yours: {held} of {every} required hold{changed}"


def _state_of_own_tests() -> tuple[str, str]:
    judged = Judged.read(ROOT)
    if judged is None:
        return "yours", "yours: not checked yet"
    return ("done", f"done: {judged.words}") if judged.holds else ("yours", f"yours: {judged.words}")


def being_written() -> frozenset[str]:
    """The slugs of what is taken out, for the map."""
    return frozenset() if settings.CRM_LOCKED else taken_out(ROOT)
