"""The switches for staff: of one milestone, and of a whole stage."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from stages import locks, switches
from stages.answers import answer_of
from stages.audiences import ended_by
from stages.catalog import Stage
from stages.contexts import page_to_return, refused
from stages.views import milestone_or_404

P = ParamSpec("P")


def for_staff(
    view: Callable[Concatenate[HttpRequest, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """A guest is led to the login and back to the page the switch was on, anybody else gets 403."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect_to_login(page_to_return(request, reverse("stage-map")))
        if not request.user.is_staff:
            raise PermissionDenied("Only staff can switch milestones.")
        return view(request, *args, **kwargs)

    return guarded


@require_POST
@for_staff
def switch_milestone(request: HttpRequest, slug: str) -> HttpResponse:
    """`to` is "on" or "off", `next` the page to go back to. Answers 409 where the milestone cannot be switched."""
    milestone = milestone_or_404(slug)
    to = request.POST.get("to", "")
    if to not in ("on", "off"):
        raise BadRequest("A switch goes on or off.")
    try:
        with locks.enforced_for(request.user):
            if to == "on":
                said = answer_of(on=switches.turn_on([milestone.slug]))
            else:
                said = answer_of(off=switches.turn_off([milestone.slug]))
    except switches.RefusedError as refusal:
        return refused(request, str(refusal), milestone)
    messages.success(request, said)
    return HttpResponseRedirect(page_to_return(request, reverse("milestone", args=[milestone.slug])))


@require_POST
@for_staff
def switch_stage(request: HttpRequest, stage: str) -> HttpResponse:
    """All milestones up to the stage on, the others off; first asks about the roll-outs that this ends.

    `ends` are the slugs of those that were asked about already.
    """
    chosen = stage_or_404(stage)
    if {end.milestone.slug for end in ended_by(chosen)} - set(request.POST.getlist("ends")):
        return redirect("stage-ask", stage)
    try:
        with locks.enforced_for(request.user):
            changed = switches.set_stage(chosen)
    except switches.RefusedError as refusal:
        return refused(request, str(refusal))
    on = [milestone for milestone in changed if chosen.reaches(milestone.stage)]
    messages.success(request, answer_of(on=on, off=[step for step in changed if step not in on]))
    return HttpResponseRedirect(page_to_return(request, reverse("stage-map")))


@require_safe
@for_staff
def ask_stage(request: HttpRequest, stage: str) -> HttpResponse:
    """Which roll-outs would end, and whether that is meant."""
    chosen = stage_or_404(stage)
    return render(request, "stages/ask.html", {"stage": chosen, "ended": ended_by(chosen)})


def stage_or_404(name: str) -> Stage:
    if name not in list(Stage):
        raise Http404(f"There is no stage {name!r}.")
    return Stage(name)
