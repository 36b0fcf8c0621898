"""What people see when something broke. The pages 400, 403 and 404 are Django's own views with our templates."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from clients.site.outage import current_outage, unavailable


def server_error(request: HttpRequest) -> HttpResponse:
    """Rendered without context processors: whatever is broken may be among what they need.

    A view's outage has been answered by OutageMiddleware; here are the ones of the middlewares around it.
    """
    if outage := current_outage():
        return unavailable(request, outage)
    return render(None, "500.html", status=500)
