"""Locking a stage: its milestones stay as they are until it is unlocked.

A lock is a waffle switch, `stage-locked-<stage>`. It is asked only for those who can switch, so that no other page pays
for it. It holds for staff; a superuser locks and unlocks, and may switch all the same. The command line is not bound by
it: who can run it can do anything.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import transaction
from waffle.models import Flag, Switch

from stages.catalog import Milestone, Stage, catalog
from stages.flags import current_flags
from stages.states import titles
from stages.switches import RefusedError, refuse_when_locked

NAME = "stage-locked-{stage}"


@dataclass(frozen=True)
class Locks:
    """The locked stages, and those of them that the user who asks cannot switch."""

    locked: frozenset[Stage] = frozenset()
    held: frozenset[Stage] = frozenset()


class StageLockedError(RefusedError):
    """The stage is locked, and the person who asks is no superuser."""

    def __init__(self, milestones: Iterable[Milestone]) -> None:
        found = list(milestones)
        stages = " and ".join(dict.fromkeys(milestone.stage.title() for milestone in found))
        super().__init__(
            f"The {stages} stage is locked, so this stays as it is: {titles(found)}. Nothing was changed. "
            "A superuser can unlock it."
        )


def lock(stage: Stage, *, locked: bool) -> None:
    """Locks or unlocks a stage. Raises LockedError where nothing can be switched anyway."""
    refuse_when_locked()
    note = f"While this is on, only superusers switch milestones of the {stage} stage."
    Switch.objects.update_or_create(name=NAME.format(stage=stage), defaults={"active": locked, "note": note})


def locked_stages() -> set[Stage]:
    """One query."""
    names = {NAME.format(stage=stage): stage for stage in Stage}
    active = Switch.objects.filter(name__in=names, active=True).values_list("name", flat=True)
    return {names[name] for name in active}


def locks_for(user: Any) -> Locks:
    """One query for staff, and none for others: they are shown no switch that could be locked."""
    if settings.CRM_LOCKED or not user.is_staff:
        return Locks()
    locked = frozenset(locked_stages())
    return Locks(locked, frozenset() if user.is_superuser else locked)


def note(milestones: Iterable[Milestone]) -> str:
    """For the command line: which of these lie in a locked stage; empty where none does."""
    locked = locked_stages()
    stages = dict.fromkeys(step.stage for step in milestones if step.stage in locked)
    return " ".join(
        f"The {stage.title()} stage is locked; that binds staff on the pages, but not this command."
        for stage in stages
    )


@contextmanager
def enforced_for(user: Any) -> Iterator[None]:
    """Around a switch made by this user. Raises StageLockedError, and undoes it, when it changed a locked stage."""
    locked = set() if user.is_superuser else locked_stages()
    if not locked:
        yield
        return
    try:
        with transaction.atomic():
            before = _stored()
            yield
            after = _stored()
            changed = [step for step in catalog() if before.get(step.slug) != after.get(step.slug)]
            if held := [step for step in changed if step.stage in locked]:
                raise StageLockedError(held)
    finally:
        if flags := current_flags.get():
            flags.forget()


def _stored() -> dict[str, tuple[object, ...]]:
    """All that a roll-out or a switch writes, for each flag."""
    flags = Flag.objects.prefetch_related("groups", "users")  # type: ignore[misc]  # stubs see its abstract base
    return {
        flag.name: (
            flag.everyone,
            flag.percent,
            {group.pk for group in flag.groups.all()},
            {user.pk for user in flag.users.all()},
        )
        for flag in flags
    }
