"""Turning milestones on and off. A flag stores what is wanted; what follows from it is computed when it is asked."""

from collections.abc import Iterable, Sequence

from django.conf import settings
from django.db import transaction
from waffle.models import Flag

from stages.catalog import Milestone, Stage, catalog
from stages.features import ceiling
from stages.flags import current_flags
from stages.states import states, titles

__all__ = [
    "FixedError",
    "LockedError",
    "RefusedError",
    "outcome",
    "outcome_of_stage",
    "set_stage",
    "states",
    "turn_off",
    "turn_on",
]


class RefusedError(Exception):
    """A switch that cannot be made; the message says why."""


class LockedError(RefusedError):
    """Every milestone is on here and nothing can be switched."""

    def __init__(self) -> None:
        super().__init__("The milestones are locked here: all of them are on and none can be switched.")


class FixedError(RefusedError):
    """The milestone has no switch."""


def turn_on(names: Iterable[str | int]) -> list[Milestone]:
    """Turns them on for everyone, and everything they require; returns what changed.

    Raises LockedError, FixedError (a milestone that is not built yet) and UnknownMilestoneError.
    """
    refuse_when_locked()
    asked = [catalog().get(name) for name in names]
    for milestone in asked:
        if milestone.planned:
            raise FixedError(f"{milestone.title} is planned, but not built yet.")
    chains = [step for milestone in asked for step in catalog().chain(milestone.slug)]
    return _switch(dict.fromkeys(chains, True))


def turn_off(names: Iterable[str | int]) -> list[Milestone]:
    """Turns them off for everyone and leaves the flags of what requires them alone; returns what changed.

    Raises LockedError, FixedError (a milestone without a switch) and UnknownMilestoneError.
    """
    refuse_when_locked()
    asked = [catalog().get(name) for name in names]
    for milestone in asked:
        if not milestone.switchable:
            raise FixedError(f"{milestone.title} has no switch: everything else stands on it.")
    return _switch(dict.fromkeys(asked, False))


def set_stage(stage: Stage | str) -> list[Milestone]:
    """Turns on every milestone up to the stage and off the others; returns what changed. Raises LockedError."""
    refuse_when_locked()
    reached = Stage(stage)
    return _switch({milestone: reached.reaches(milestone.stage) for milestone in catalog()})


def outcome(*, on: Sequence[Milestone] = (), off: Sequence[Milestone] = ()) -> str:
    """What a switch has done, in words: also what waits now, and what this profile does not reach."""
    lines = {
        "Turned on": on,
        "Turned off": off,
        "Waiting for it now": [state.milestone for state in states() if set(state.waiting_for) & set(off)],
        f"Beyond this profile ({settings.CRM_STAGE})": [
            step for step in on if not ceiling().reaches(step.stage)
        ],
    }
    said = [f"{words}: {titles(milestones)}." for words, milestones in lines.items() if milestones]
    return " ".join(said) or "Nothing had to be changed."


def outcome_of_stage(stage: Stage) -> str:
    """Sets the stage and says what that has done. Raises LockedError."""
    changed = set_stage(stage)
    on = [milestone for milestone in changed if stage.reaches(milestone.stage)]
    return outcome(on=on, off=[milestone for milestone in changed if milestone not in on])


def refuse_when_locked() -> None:
    if settings.CRM_LOCKED:
        raise LockedError


@transaction.atomic
def _switch(wanted: dict[Milestone, bool]) -> list[Milestone]:
    """Stores `everyone` of each flag and nothing else of it: its users, groups and percentage stay for later."""
    changed = [
        milestone for milestone, on in wanted.items() if milestone.switchable and _store(milestone, on)
    ]
    if flags := current_flags.get():
        flags.forget()
    return sorted(changed, key=lambda milestone: milestone.number)


def _store(milestone: Milestone, on: bool) -> bool:
    """Whether the flag had to be changed."""
    flag, _ = Flag.objects.get_or_create(
        name=milestone.slug,
        defaults={"everyone": True, "superusers": False, "note": milestone.title},
    )
    if flag.everyone is on:
        return False
    flag.everyone = on
    flag.save(update_fields=["everyone", "modified"])
    return True
