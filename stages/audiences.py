"""For whom a rolled-out milestone is on, by name. For staff and the command line: nobody else is told names."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from waffle.models import Flag

from stages.catalog import Milestone, Stage, catalog
from stages.states import MilestoneState, State

NAMES_SHOWN = 4


def audiences() -> dict[str, str]:
    """In words, by slug: what is neither on nor off for everyone. At most three queries."""
    flags = Flag.objects.filter(everyone=None).prefetch_related("groups", "users")
    said = {flag.name: audience_of(flag) for flag in flags}
    return {slug: words for slug, words in said.items() if words}


def audience_of(flag: Flag) -> str:
    """“group Monday course, users ada and bob, 50 % of visitors”; empty where it is on for nobody."""
    parts = {
        "staff": flag.staff,
        "superusers": flag.superusers,
        "everybody logged in": flag.authenticated,
        listed("group", [group.name for group in flag.groups.all()]): True,
        listed("user", [user.get_username() for user in flag.users.all()]): True,
        f"{float(flag.percent or 0):g} % of visitors": flag.percent,
        f"languages {flag.languages}": flag.languages,
        "testers": flag.testing,
    }
    return ", ".join(words for words, present in parts.items() if words and present)


def listed(noun: str, names: Sequence[str]) -> str:
    """“group A”, “groups A, B and 3 more”."""
    if not names:
        return ""
    shown = sorted(names)[:NAMES_SHOWN]
    more = len(names) - len(shown)
    return f"{noun}{'s' if len(names) > 1 else ''} {', '.join(shown)}{f' and {more} more' if more else ''}"


def named(states: Sequence[MilestoneState]) -> list[MilestoneState]:
    """The same states, with the names of those for whom they are on. No query where all are on or off for everyone."""
    if not any(state.state is State.PARTLY for state in states):
        return list(states)
    known = audiences()
    return [
        replace(state, rollout=rollout_of(state.milestone, known)) if state.state is State.PARTLY else state
        for state in states
    ]


def rollout_of(milestone: Milestone, known: dict[str, str]) -> str:
    """Its own audience or, where it has none, that of what it requires."""
    for step in reversed(catalog().chain(milestone.slug)):
        if words := known.get(step.slug):
            return words if step == milestone else f"with {step.title}: {words}"
    return ""


@dataclass(frozen=True)
class Ended:
    """A roll-out that a stage button would end."""

    milestone: Milestone
    audience: str
    becomes: str


def ended_by(stage: Stage) -> list[Ended]:
    """The roll-outs that “Set to …” would end: afterwards each of them is on or off for everyone."""
    known = audiences()
    return [
        Ended(step, known[step.slug], "on for everyone" if stage.reaches(step.stage) else "off for everyone")
        for step in catalog().switchable
        if step.slug in known
    ]
