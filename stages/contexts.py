"""What the curriculum's pages show. A refused switch shows the page it was made on again, so each is built once."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import Resolver404, resolve
from django.utils.http import url_has_allowed_host_and_scheme

from stages.audiences import named
from stages.catalog import Milestone, Stage, catalog
from stages.code_on_page import beyond_of, core_of
from stages.features import ceiling
from stages.flags import flags_of
from stages.forms import RolloutForm, form_for
from stages.locks import locks_for
from stages.pages import lesson_of
from stages.picture import picture_of
from stages.practice_page import being_written, practice_of
from stages.rollout import can_be_rolled_out
from stages.screenshots import pair_of
from stages.seen import seen_by_groups
from stages.states import MilestoneState, State, state_of, states

Context = dict[str, object]


@dataclass(frozen=True)
class Hint:
    """A hint and, inside it, the one after it: so they can only be opened one at a time."""

    number: int
    text: str
    further: "Hint | None"


@dataclass(frozen=True)
class StageOnMap:
    stage: Stage
    number: int
    states: Sequence[MilestoneState]
    # Empty columns before its first stop.
    gaps: range
    locked: bool
    # Locked, and the person who looks at it is no superuser.
    held: bool

    @property
    def reached(self) -> bool:
        """Whether the running profile contains it."""
        return ceiling().reaches(self.stage)

    @property
    def on(self) -> int:
        return sum(state.state is State.ON for state in self.states)


def may_switch(request: HttpRequest) -> bool:
    """Whether to offer this visitor the switches."""
    return not settings.CRM_LOCKED and request.user.is_staff


def map_context(request: HttpRequest) -> Context:
    every = states(request)
    picture, locks = picture_of(every), locks_for(request.user)
    if request.user.is_staff:
        every = named(every)
    return {
        "stages": [
            StageOnMap(
                stage,
                number,
                [state for state in every if state.milestone.stage is stage],
                range(picture.gaps[stage]),
                stage in locks.locked,
                stage in locks.held,
            )
            for number, stage in enumerate(Stage, start=1)
        ],
        "picture": picture,
        "being_written": being_written(),
        "ceiling": ceiling(),
        "locked": settings.CRM_LOCKED,
        "can_switch": may_switch(request),
    }


def milestone_context(request: HttpRequest, milestone: Milestone, form: RolloutForm | None = None) -> Context:
    """`form` is one that came back with mistakes."""
    state = state_of(milestone, flags_of(request), request)
    return {
        "milestone": milestone,
        "state": state,
        "dependants": catalog().dependants(milestone.slug),
        "practice": practice_of(milestone),
        "hint": nested_hints(milestone.hints),
        "code": core_of(milestone),
        "beyond": beyond_of(milestone),
        "lesson": lesson_of(milestone),
        "screenshots": pair_of(milestone),
        "locked": settings.CRM_LOCKED,
        **(_staff_context(request, state, form) if request.user.is_staff else {}),
    }


def _staff_context(request: HttpRequest, state: MilestoneState, form: RolloutForm | None) -> Context:
    """Who sees the milestone by name, and the form to change that where it can be changed."""
    milestone, locks = state.milestone, locks_for(request.user)
    [state] = named([state])
    if form is None and state.has_switch and can_be_rolled_out(milestone):
        form = form_for(milestone, at="milestone")
    return {
        "state": state,
        "form": form,
        "can_switch": may_switch(request),
        "can_add_group": request.user.has_perm("auth.add_group"),
        "stage_locked": milestone.stage in locks.locked,
        "held": milestone.stage in locks.held,
    }


def rollout_context(request: HttpRequest, form: RolloutForm | None = None, *, edited: str = "") -> Context:
    """`edited` is the slug of the line that stands open to be changed."""
    locks = locks_for(request.user)
    if form is None:
        form = form_for(catalog().get(edited), at="row") if edited else RolloutForm(held=locks.held)
    return {
        "form": form,
        "edited": edited,
        "table": seen_by_groups(),
        "locks": [(stage, stage in locks.locked) for stage in Stage],
        "held": locks.held,
        "can_switch": may_switch(request),
        "can_lock": may_switch(request) and request.user.is_superuser,
        "can_add_group": request.user.has_perm("auth.add_group"),
    }


def page_to_return(request: HttpRequest, otherwise: str) -> str:
    """The page the switch was on, if it is one of ours."""
    wanted = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if ours else otherwise


def refused(request: HttpRequest, refusal: str, milestone: Milestone | None = None) -> HttpResponse:
    """The page the switch was on, status 409; `at` of the form says where on it the refusal is to stand."""
    said: Context = {"refusal": refusal, "at": request.POST.get("at", "")}
    if milestone is None or _name_of(page_to_return(request, "")) == "stage-map":
        return render(request, "stages/map.html", map_context(request) | said, status=409)
    return render(request, "stages/milestone.html", milestone_context(request, milestone) | said, status=409)


def _name_of(address: str) -> str | None:
    try:
        return resolve(urlsplit(address).path).url_name
    except Resolver404:
        return None


def nested_hints(texts: Sequence[str]) -> Hint | None:
    hint = None
    for number in range(len(texts), 0, -1):
        hint = Hint(number, texts[number - 1], hint)
    return hint
