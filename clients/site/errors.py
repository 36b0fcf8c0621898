"""What people see when something went wrong: pages of our own, each with the way on."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from clients.site.outage import current_outage, unavailable


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "403.html", status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Rendered without context processors: whatever is broken may be among what they need.

    A view's outage has been answered by OutageMiddleware; here are the ones of the middlewares around it.
    """
    if outage := current_outage():
        return unavailable(request, outage)
    return render(None, "500.html", status=500)
