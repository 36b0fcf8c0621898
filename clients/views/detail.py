"""One client with all that belongs to it, and the form for a new order (milestone 8)."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Page
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from clients.access import crm_login_required
from clients.forms import OrderForm
from clients.models import Client, Order
from clients.pagination import ClientPaginator
from stages.features import is_active
from stages.web import milestone_required

ORDERS_PER_PAGE = 20


@milestone_required("client-crud")
@crm_login_required
@require_http_methods(["GET", "HEAD", "POST"])
def client_detail(request: HttpRequest, pk: int) -> HttpResponse:
    client = get_object_or_404(Client, pk=pk)
    if is_active("orders", request):
        return client_with_orders(request, client)
    if request.method == "POST":
        return HttpResponseNotAllowed(["GET", "HEAD"])
    return render(
        request, "clients/client_detail.html", {"client": client, "orders": None, "order_form": None}
    )


def client_with_orders(request: HttpRequest, client: Client) -> HttpResponse:
    form = OrderForm(request.POST or None, instance=Order(client=client))
    if request.method == "POST" and form.is_valid():
        order = form.save()
        messages.success(request, f"{order.title} was added.")
        return redirect(client)
    orders = orders_page(client, request.GET.get("page"))
    return render(
        request, "clients/client_detail.html", {"client": client, "orders": orders, "order_form": form}
    )


def orders_page(client: Client, number: Any) -> Page:
    return ClientPaginator(client.orders.newest_first(), ORDERS_PER_PAGE).get_page(number)
