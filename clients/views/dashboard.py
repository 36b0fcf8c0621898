"""The first page: how the office is doing."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from clients.access import crm_login_required
from clients.summary import summary


@crm_login_required
@require_safe
def dashboard(request: HttpRequest) -> HttpResponse:
    return render(request, "clients/dashboard.html", {"summary": summary()})
