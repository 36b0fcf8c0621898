"""What a page says after a switch: one short sentence or two. The command line gives the names (stages.switches)."""

from collections.abc import Sequence

from django.conf import settings

from stages.catalog import Milestone
from stages.features import ceiling
from stages.states import states

# From three on they are counted.
NAMED = 2
BEYOND = "cannot be seen: beyond this profile"


def answer_of(*, on: Sequence[Milestone] = (), off: Sequence[Milestone] = ()) -> str:
    """“Client CRUD is off. 15 milestones wait for it.”"""
    waiting = [state.milestone for state in states() if set(state.waiting_for) & set(off)]
    beyond = [milestone for milestone in on if not ceiling().reaches(milestone.stage)]
    said = [
        sentence(on, "is on.", "are on."),
        sentence(off, "is off.", "are off."),
        sentence(waiting, "waits for it.", "wait for it.", named=1),
        sentence(beyond, f"{BEYOND} ({settings.CRM_STAGE}).", f"{BEYOND} ({settings.CRM_STAGE})."),
    ]
    return " ".join(words for words in said if words) or "Nothing had to be changed."


def sentence(milestones: Sequence[Milestone], one: str, many: str, *, named: int = NAMED) -> str:
    """About these by name or, where they are many, by their number; empty about none."""
    if len(milestones) > named:
        return f"{len(milestones)} milestones {many}"
    who = " and ".join(milestone.title for milestone in milestones)
    return who and f"{who} {one if len(milestones) == 1 else many}"
