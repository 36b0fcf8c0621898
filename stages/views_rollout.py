"""The instructor's page: who sees which milestone, and which stages are locked."""

from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from stages import locks
from stages.catalog import Stage
from stages.forms import RolloutForm
from stages.rollout import roll_out, seen_by_groups
from stages.states import titles
from stages.switches import Refused
from stages.views import may_switch

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
    """GET shows what each group sees, POST rolls a milestone out; 409 where that cannot be done."""
    form = RolloutForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return _page(request, form)
    audience = form.audience()
    try:
        with locks.respected(request.user):
            changed = roll_out(form.cleaned_data["milestone"], audience)
    except Refused as refusal:
        return _page(request, form, refusal=str(refusal))
    messages.success(request, f"Switched on for {audience}: {titles(changed)}.")
    return redirect("stage-rollout")


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
    except Refused as refusal:
        return _page(request, RolloutForm(), refusal=str(refusal))
    messages.success(request, f"The {stage} stage is {to}ed.")
    return redirect("stage-rollout")


def _page(request: HttpRequest, form: RolloutForm, *, refusal: str = "") -> HttpResponse:
    locked = locks.locked_stages()
    context = {
        "form": form,
        "refusal": refusal,
        "table": seen_by_groups(),
        "stages": [(stage, stage in locked) for stage in Stage],
        "can_switch": may_switch(request),
        "can_lock": may_switch(request) and request.user.is_superuser,
    }
    return render(request, "stages/rollout.html", context, status=409 if refusal else 200)
