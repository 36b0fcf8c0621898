"""One client with all that belongs to it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from clients.access import crm_login_required
from clients.models import Client
from stages.web import milestone_required


@milestone_required("client-crud")
@crm_login_required
@require_safe
def client_detail(request: HttpRequest, pk: int) -> HttpResponse:
    client = get_object_or_404(Client, pk=pk)
    return render(
        request, "clients/client_detail.html", {"client": client, "orders": None, "order_form": None}
    )
