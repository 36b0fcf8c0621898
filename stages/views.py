"""The map of the course, a page for each milestone, and the switches for staff."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Concatenate, ParamSpec

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from stages import locks, switches
from stages.catalog import Milestone, Stage, UnknownMilestone, catalog
from stages.code import Excerpt, MissingCode, excerpt
from stages.features import ceiling
from stages.flags import book_of
from stages.pages import page_of
from stages.picture import picture_of
from stages.screenshots import pair_of
from stages.states import MilestoneState, State, state_of, states

P = ParamSpec("P")


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

    @property
    def reached(self) -> bool:
        """Whether the running profile contains it."""
        return ceiling().reaches(self.stage)

    @property
    def on(self) -> int:
        return sum(state.state is State.ON for state in self.states)


@require_safe
def stage_map(request: HttpRequest) -> HttpResponse:
    return render(request, "stages/map.html", _map_context(request))


@require_safe
def milestone_page(request: HttpRequest, slug: str) -> HttpResponse:
    return render(request, "stages/milestone.html", _milestone_context(request, _milestone_or_404(slug)))


def staff_switch(
    view: Callable[Concatenate[HttpRequest, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """POST by staff only: a guest is led to the login, anybody else gets 403."""

    @require_POST
    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect_to_login(_page(request, reverse("stage-map")))
        if not request.user.is_staff:
            raise PermissionDenied("Only staff can switch milestones.")
        return view(request, *args, **kwargs)

    return guarded


@staff_switch
def switch_milestone(request: HttpRequest, slug: str) -> HttpResponse:
    """`to` is "on" or "off", `next` the page to go back to. Answers 409 where the milestone cannot be switched."""
    milestone = _milestone_or_404(slug)
    turn = {"on": switches.turn_on, "off": switches.turn_off}.get(request.POST.get("to", ""))
    if turn is None:
        raise BadRequest("A switch goes on or off.")
    try:
        with locks.respected(request.user):
            changed = turn([milestone.slug])
    except switches.Refused as refusal:
        context = _milestone_context(request, milestone) | {"refusal": str(refusal)}
        return render(request, "stages/milestone.html", context, status=409)
    said = switches.outcome(on=changed) if turn is switches.turn_on else switches.outcome(off=changed)
    messages.success(request, said)
    return HttpResponseRedirect(_page(request, reverse("milestone", args=[milestone.slug])))


@staff_switch
def switch_stage(request: HttpRequest, stage: str) -> HttpResponse:
    """All milestones up to the stage on, the others off."""
    if stage not in list(Stage):
        raise Http404(f"There is no stage {stage!r}.")
    try:
        with locks.respected(request.user):
            said = switches.outcome_of_stage(Stage(stage))
    except switches.Refused as refusal:
        return render(
            request, "stages/map.html", _map_context(request) | {"refusal": str(refusal)}, status=409
        )
    messages.success(request, said)
    return HttpResponseRedirect(_page(request, reverse("stage-map")))


def may_switch(request: HttpRequest) -> bool:
    """Whether to offer this visitor the switches."""
    return not settings.CRM_LOCKED and request.user.is_staff


def _page(request: HttpRequest, otherwise: str) -> str:
    """The page the switch was on, if it is one of ours."""
    wanted = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if ours else otherwise


def _milestone_or_404(slug: str) -> Milestone:
    try:
        return catalog().get(slug)
    except UnknownMilestone as error:
        raise Http404(str(error)) from error


def _map_context(request: HttpRequest) -> dict[str, object]:
    every = states(request)
    return {
        "stages": [
            StageOnMap(stage, number, [state for state in every if state.milestone.stage is stage])
            for number, stage in enumerate(Stage, start=1)
        ],
        "picture": picture_of(every),
        "ceiling": ceiling(),
        "locked": settings.CRM_LOCKED,
        "can_switch": may_switch(request),
    }


def _milestone_context(request: HttpRequest, milestone: Milestone) -> dict[str, object]:
    return {
        "milestone": milestone,
        "state": state_of(milestone, book_of(request), request),
        "dependants": catalog().dependants(milestone.slug),
        "hint": nested_hints(milestone.hints),
        "code": [_excerpt_or_reason(name) for name in milestone.code],
        "page": page_of(milestone),
        "screenshots": pair_of(milestone),
        "locked": settings.CRM_LOCKED,
    }


def nested_hints(texts: Sequence[str]) -> Hint | None:
    hint = None
    for number in range(len(texts), 0, -1):
        hint = Hint(number, texts[number - 1], hint)
    return hint


def _excerpt_or_reason(name: str) -> dict[str, str | Excerpt]:
    try:
        return {"name": name, "excerpt": excerpt(name)}
    except MissingCode as missing:
        return {"name": name, "missing": str(missing)}
