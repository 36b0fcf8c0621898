"""What the map, the command and the pages say about each milestone."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from django.conf import settings
from django.http import HttpRequest

from stages.catalog import Milestone, catalog
from stages.features import active_slugs, ceiling, is_chain_active
from stages.flags import RequestFlags, flags_of
from stages.last_results import LastCheck, last_check


class State(StrEnum):
    ON = "on"
    OFF = "off"
    # Its flag is on, something it requires is not.
    WAITING = "waiting"
    # On for some: a group, a user, a percentage, …, for it or for something it requires.
    PARTLY = "partly"
    # Not built yet.
    PLANNED = "planned"
    # Beyond the running profile's stage.
    ABOVE = "above"


@dataclass(frozen=True)
class MilestoneState:
    milestone: Milestone
    state: State
    # The answer for the visitor of this request; without a request, for everyone.
    active: bool
    requires: tuple[Milestone, ...]
    waiting_for: tuple[Milestone, ...] = ()
    rollout: str = ""

    @property
    def label(self) -> str:
        if self.state is State.WAITING:
            return f"waiting for {titles(self.waiting_for)}"
        if self.state is State.PARTLY:
            return f"on for some{f' ({self.rollout})' if self.rollout else ''}"
        if self.state is State.ABOVE:
            return f"beyond this profile ({settings.CRM_STAGE})"
        if self.state is State.PLANNED:
            return "planned, not built yet"
        return str(self.state) if self.milestone.switchable else "always on"

    @cached_property
    def last_check(self) -> LastCheck | None:
        """What the last run of its checks said, if there was one: the map shows it in two places."""
        return last_check(self.milestone.slug)

    @property
    def has_switch(self) -> bool:
        """Whether it can be switched here at all; who may do it is the view's to say."""
        return (
            self.milestone.switchable
            and not settings.CRM_LOCKED
            and self.state not in (State.PLANNED, State.ABOVE)
        )

    @property
    def can_turn_on(self) -> bool:
        return self.has_switch and self.state is not State.ON

    @property
    def can_turn_off(self) -> bool:
        return self.has_switch and self.state is not State.OFF


@dataclass(frozen=True)
class StageSummary:
    """How far the CRM is switched on for a visitor: `on` of the `total` milestones of the whole curriculum."""

    stage_title: str
    on: int
    total: int


def summary(request: HttpRequest) -> StageSummary:
    return StageSummary(ceiling().title(), len(active_slugs(request)), len(catalog().milestones))


def titles(milestones: Sequence[Milestone]) -> str:
    return ", ".join(milestone.title for milestone in milestones)


def states(request: HttpRequest | None = None) -> list[MilestoneState]:
    """The state of every milestone: one query, two where a flag is rolled out."""
    flags = flags_of(request)
    return [state_of(milestone, flags, request) for milestone in catalog()]


def state_of(milestone: Milestone, flags: RequestFlags, request: HttpRequest | None) -> MilestoneState:
    chain = catalog().chain(milestone.slug)
    state, waiting_for = _effect(chain, flags)
    return MilestoneState(
        milestone=milestone,
        state=state,
        active=is_chain_active(chain, flags, for_everyone=request is None),
        requires=tuple(catalog().get(slug) for slug in milestone.requires),
        waiting_for=waiting_for,
        rollout=rollout(flags, milestone) if state is State.PARTLY else "",
    )


def _effect(chain: tuple[Milestone, ...], flags: RequestFlags) -> tuple[State, tuple[Milestone, ...]]:
    """The state of the chain's last milestone, and what it waits for."""
    milestone = chain[-1]
    if milestone.planned:
        return State.PLANNED, ()
    if not ceiling().reaches(milestone.stage):
        return State.ABOVE, ()
    own = {step.slug: _intent(step, flags) for step in chain}
    # What acts without a request needs all of its chain on for everyone.
    short = (State.OFF, State.PARTLY) if milestone.everyone_only else (State.OFF,)
    if own[milestone.slug] in short:
        return State.OFF, ()
    waiting_for = tuple(step for step in chain[:-1] if step.planned or own[step.slug] in short)
    if waiting_for:
        return State.WAITING, waiting_for
    return (State.PARTLY if State.PARTLY in own.values() else State.ON), ()


def _intent(milestone: Milestone, flags: RequestFlags) -> State:
    """What its own flag says: on, off or partly."""
    if settings.CRM_LOCKED or not milestone.switchable:
        return State.ON
    flag = flags.flag(milestone.slug)
    if flag.everyone:
        return State.ON
    return State.PARTLY if flag.is_rolled_out else State.OFF


def rollout(flags: RequestFlags, milestone: Milestone) -> str:
    """For whom its flag is on, in words; nothing when it is only on for some because of what it requires."""
    flag = flags.flag(milestone.slug)
    parts = {
        "staff": flag.staff,
        "superusers": flag.superusers,
        "everybody logged in": flag.authenticated,
        "some groups": flag.lists_groups,
        "some users": flag.lists_users,
        f"{float(flag.percent or 0):g} % of visitors": flag.percent,
        f"languages {flag.languages}": flag.languages,
        "testers": flag.testing,
    }
    return ", ".join(words for words, present in parts.items() if present) if flag.everyone is None else ""
