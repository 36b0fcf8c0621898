"""Rolling a milestone out: on for some groups, some users or a share of the visitors."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.contrib.auth.models import Group
from django.db import transaction
from waffle.models import Flag

from stages.catalog import Milestone, catalog
from stages.flags import current_flags
from stages.states import titles
from stages.switches import FixedError, RefusedError, refuse_when_locked


@dataclass(frozen=True)
class Audience:
    """For whom a milestone is switched on; `percent` of all visitors, 0.1 to 99.9."""

    groups: tuple[Group, ...] = ()
    users: tuple[Any, ...] = ()
    percent: Decimal | None = None

    def __str__(self) -> str:
        parts = [
            *(f"group {group.name}" for group in self.groups),
            *(user.get_username() for user in self.users),
            *([f"{self.percent.normalize():f} % of visitors"] if self.percent else []),
        ]
        return ", ".join(parts)


@transaction.atomic
def roll_out(name: str | int, audience: Audience) -> list[Milestone]:
    """Switches a milestone on for exactly this audience, and what it requires for them as well.

    What is on for everyone stays so. Returns the milestones whose flags were written. Raises LockedError, FixedError,
    RefusedError (an empty audience; a percentage of something whose requirements are not on for everyone) and
    UnknownMilestoneError.
    """
    refuse_when_locked()
    milestone = catalog().get(name)
    refuse_what_cannot_be_rolled_out(milestone)
    if not str(audience):
        raise RefusedError("Choose a group, a user or a percentage first.")
    needed = _not_for_everyone(catalog().requirements(milestone.slug))
    if audience.percent and needed:
        raise RefusedError(
            f"Each percentage is drawn by itself, so this would reach fewer than you think. "
            f"Turn on for everyone first: {titles(needed)}."
        )
    for step in needed:
        _add(_flag(step), audience)
    _set(_flag(milestone), audience)
    if flags := current_flags.get():
        flags.forget()
    return [*needed, milestone]


def can_be_rolled_out(milestone: Milestone) -> bool:
    return milestone.switchable and not (milestone.planned or milestone.everyone_only)


def refuse_what_cannot_be_rolled_out(milestone: Milestone) -> None:
    if not milestone.switchable:
        raise FixedError(f"{milestone.title} has no switch: everything else stands on it.")
    if milestone.planned:
        raise FixedError(f"{milestone.title} is planned, but not built yet.")
    if milestone.everyone_only:
        raise FixedError(
            f"{milestone.title} also acts where nobody is asking, so it counts only when it is on for everyone."
        )


def _not_for_everyone(milestones: Iterable[Milestone]) -> list[Milestone]:
    on = set(Flag.objects.filter(everyone=True).values_list("name", flat=True))
    return [step for step in milestones if step.switchable and step.slug not in on]


def _flag(milestone: Milestone) -> Flag:
    flag, _ = Flag.objects.get_or_create(
        name=milestone.slug, defaults={"superusers": False, "note": milestone.title}
    )
    return flag


def _set(flag: Flag, audience: Audience) -> None:
    flag.everyone, flag.percent = None, audience.percent
    flag.save()
    flag.groups.set(audience.groups)
    flag.users.set(audience.users)


def _add(flag: Flag, audience: Audience) -> None:
    """A requirement that was off for everyone is on for this audience; one that is rolled out already, for them too."""
    if flag.everyone is False:
        _set(flag, audience)
        return
    flag.groups.add(*audience.groups)
    flag.users.add(*audience.users)
