"""One client with all that belongs to it, and the form for a new order (milestone 8)."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Page
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from clients.accounts.access import crm_login_required
from clients.forms import OrderForm
from clients.models import Client, MergeRecord, Order
from clients.races.locking import keep_there
from clients.search.large_tables import LargeTablePaginator
from stages.features import is_active
from stages.web import milestone_required

ORDERS_PER_PAGE = 20


@milestone_required("client-crud")
@crm_login_required
@require_http_methods(["GET", "HEAD", "POST"])
def client_detail(request: HttpRequest, pk: int) -> HttpResponse:
    client = shown_client(request, pk)
    if client is None:
        return merged_or_gone(request, pk)
    if is_active("orders", request):
        return client_with_orders(request, client)
    if request.method == "POST":
        return HttpResponseNotAllowed(["GET", "HEAD"])
    return render(
        request, "clients/client_detail.html", {"client": client, "orders": None, "order_form": None}
    )


def shown_client(request: HttpRequest, pk: int) -> Client | None:
    """The client; with milestone 9 it carries `orders_count` and `orders_total`."""
    clients = Client.objects.filter(pk=pk)
    return (clients.with_order_totals() if is_active("order-totals", request) else clients).first()


def client_with_orders(request: HttpRequest, client: Client) -> HttpResponse:
    order = Order(client=client)
    if request.method == "POST":
        form = OrderForm(request.POST, instance=order)
        if form.is_valid():
            if not saved_with_client(order):
                return merged_or_gone(request, client.pk)
            messages.success(request, f"{order.title} was added.")
            return redirect(client)
    else:
        form = OrderForm(instance=order)
    context = {"client": client, "orders": orders_page(client, request.GET.get("page")), "order_form": form}
    return render(request, "clients/client_detail.html", context)


def saved_with_client(order: Order) -> bool:
    """Saves a new order, its client's row held so that nobody deletes or merges it; False when it is gone."""
    with transaction.atomic():
        if not keep_there(Client, order.client_id):
            return False
        order.save()
        return True


def merged_or_gone(request: HttpRequest, pk: int) -> HttpResponse:
    """Leads on to the client this one was merged into. Raises Http404 when there is none."""
    record = get_object_or_404(
        MergeRecord.objects.select_related("kept").filter(kept__isnull=False), merged_id=pk
    )
    unsaved = " What you had entered was not saved." if request.method == "POST" else ""
    messages.info(request, f"{record.merged['name']} was merged into {record.kept}.{unsaved}")
    return redirect("client-detail", pk=record.kept_id)


def orders_page(client: Client, number: Any) -> Page:
    return LargeTablePaginator(client.orders.newest_first(), ORDERS_PER_PAGE).get_page(number)
