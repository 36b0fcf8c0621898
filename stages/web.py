"""Asking the question at the edge of a page: a decorator, a mixin and a choice between two views.

Whatever is switched off answers with a page of its own, status 404. It is returned, not raised as Http404, because
DEBUG would replace that by its own page.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from stages.catalog import catalog
from stages.features import is_active
from stages.flags import flags_of
from stages.locks import locks_for
from stages.states import state_of

View = Callable[..., HttpResponseBase]


def switched_off(request: HttpRequest, slug: str) -> HttpResponse:
    """The page that says what is off and how to turn it on."""
    milestone = catalog().get(slug)
    context = {
        "milestone": milestone,
        "state": state_of(milestone, flags_of(request), request),
        "held": milestone.stage in locks_for(request.user).held,
    }
    return render(request, "stages/switched_off.html", context, status=404)


def milestone_required(slug: str) -> Callable[[View], View]:
    """Lets a view answer only while the milestone is active. Stands above the login decorator."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            return view(request, *args, **kwargs) if is_active(slug, request) else switched_off(request, slug)

        return guarded

    return decorate


class MilestoneRequiredMixin:
    """The same for a class-based view, which names its milestone. Stands left of the login mixin."""

    milestone: str

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not is_active(self.milestone, request):
            return switched_off(request, self.milestone)
        answer: HttpResponseBase = super().dispatch(request, *args, **kwargs)  # type: ignore[misc]  # the view's, right of this
        return answer


@dataclass(frozen=True, eq=False)
class EitherView:
    """A view that hands each request to one of two, chosen by a milestone."""

    slug: str
    on: View
    off: View

    def pick(self, request: HttpRequest) -> View:
        return self.on if is_active(self.slug, request) else self.off

    def __call__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return self.pick(request)(request, *args, **kwargs)


def either(slug: str, *, on: View, off: View) -> EitherView:
    """For the URLs: `path("", either("class-based-views", on=ClientListView.as_view(), off=client_list))`."""
    return EitherView(slug, on, off)
