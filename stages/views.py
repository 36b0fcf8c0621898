"""The map of the course, and a page for each milestone."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from stages.catalog import Milestone, UnknownMilestoneError, catalog
from stages.contexts import map_context, milestone_context
from stages.practice_page import practice_of


@require_safe
def stage_map(request: HttpRequest) -> HttpResponse:
    return render(request, "stages/map.html", map_context(request))


@require_safe
def milestone_page(request: HttpRequest, slug: str) -> HttpResponse:
    return render(request, "stages/milestone.html", milestone_context(request, milestone_or_404(slug)))


@require_safe
def milestone_practice(request: HttpRequest, slug: str) -> HttpResponse:
    """The part of a milestone's page that follows what its learner does."""
    practice = practice_of(milestone_or_404(slug))
    if practice is None:
        raise Http404("Nobody can write this milestone here.")
    return render(request, "stages/_practice.html", {"practice": practice})


def milestone_or_404(slug: str) -> Milestone:
    try:
        return catalog().get(slug)
    except UnknownMilestoneError as error:
        raise Http404(str(error)) from error
