"""The instructor's page: who sees which milestone, and which stages are locked."""

from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from stages import locks, switches
from stages.answers import answer_of
from stages.catalog import Milestone, Stage, catalog
from stages.contexts import milestone_context, rollout_context
from stages.forms import EVERYONE, NOBODY, RolloutForm
from stages.rollout import can_be_rolled_out, roll_out
from stages.states import titles

View = Callable[[HttpRequest], HttpResponse]


def staff_only(view: View) -> View:
    """Guests are led to the login, everybody else who is no staff is refused."""

    @wraps(view)
    def guarded(request: HttpRequest) -> HttpResponse:
        if not request.user.is_staff:
            raise PermissionDenied("This page is for staff.")
        return view(request)

    return login_required(guarded)


@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def rollout_page(request: HttpRequest) -> HttpResponse:
    """GET shows what each group sees (`?edit=SLUG`: one line of it as a form), POST changes that for a milestone.

    A refusal answers 409 with the page that the form stood on: `at` says which.
    """
    if request.method != "POST":
        edited = _asked(request)
        return _page(request, edited=edited.slug if edited else "")
    form = RolloutForm(request.POST, at=request.POST.get("at", ""))
    if not form.is_valid():
        return _page(request, form)
    milestone = catalog().get(form.cleaned_data["milestone"])
    try:
        with locks.enforced_for(request.user):
            said = _changed(milestone, form)
    except switches.RefusedError as refusal:
        return _page(request, form, refusal=str(refusal))
    messages.success(request, said)
    return HttpResponseRedirect(_back(form.at, milestone))


@staff_only
@require_POST
def lock_stage(request: HttpRequest) -> HttpResponse:
    """`stage`, and `to` as "lock" or "unlock". Superusers only, or a lock would hold nobody."""
    if not request.user.is_superuser:
        raise PermissionDenied("Only superusers lock and unlock a stage.")
    stage, to = request.POST.get("stage", ""), request.POST.get("to", "")
    if stage not in list(Stage) or to not in ("lock", "unlock"):
        raise BadRequest("A stage is locked or unlocked.")
    try:
        locks.lock(Stage(stage), locked=to == "lock")
    except switches.RefusedError as refusal:
        return _page(request, refusal=str(refusal))
    messages.success(request, f"The {stage} stage is {to}ed.")
    return redirect("stage-rollout")


def _asked(request: HttpRequest) -> Milestone | None:
    """The milestone whose line is to be changed; a name that is none leaves all lines closed."""
    slugs = {step.slug: step for step in catalog().switchable if can_be_rolled_out(step)}
    return slugs.get(request.GET.get("edit", ""))


def _changed(milestone: Milestone, form: RolloutForm) -> str:
    """Does what the form asks for and says what that was. Raises RefusedError."""
    who = form.cleaned_data["who"]
    if who == EVERYONE:
        return answer_of(on=switches.turn_on([milestone.slug]))
    if who == NOBODY:
        return answer_of(off=switches.turn_off([milestone.slug]))
    audience = form.audience()
    return f"Switched on for {audience}: {titles(roll_out(milestone.slug, audience))}."


def _back(at: str, milestone: Milestone) -> str:
    if at == "milestone":
        return reverse("milestone", args=[milestone.slug])
    return reverse("stage-rollout") + (f"#{milestone.slug}" if at == "row" else "")


def _page(
    request: HttpRequest, form: RolloutForm | None = None, *, edited: str = "", refusal: str = ""
) -> HttpResponse:
    """The page the form stood on, with what it says."""
    milestone = _sent(form) if form else None
    said, status = {"refusal": refusal, "at": "rollout" if form else ""}, 409 if refusal else 200
    if form and milestone and form.at == "milestone":
        context = milestone_context(request, milestone, form)
        return render(request, "stages/milestone.html", context | said, status=status)
    if form and milestone and form.at == "row":
        edited = milestone.slug
    return render(
        request, "stages/rollout.html", rollout_context(request, form, edited=edited) | said, status=status
    )


def _sent(form: RolloutForm) -> Milestone | None:
    """The milestone that a form names, if it is one that can be rolled out."""
    return next((step for step in catalog() if step.slug == form.data.get("milestone")), None)
