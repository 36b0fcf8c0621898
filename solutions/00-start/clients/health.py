"""A plain solution of milestone 0, Start."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe


@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """`ok` as long as the process answers; asks no database, so that it stays true when that is down."""
    return HttpResponse("ok")
