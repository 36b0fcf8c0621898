"""Milestone 8: changing and deleting one order; adding one is on the client's page."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from clients.accounts.access import crm_login_required
from clients.audit.record import deletion_recorded
from clients.forms import OrderEditForm
from clients.models import Order
from stages.web import milestone_required


@milestone_required("orders")
@crm_login_required
@require_http_methods(["GET", "HEAD", "POST"])
def order_edit(request: HttpRequest, pk: int) -> HttpResponse:
    order = get_object_or_404(Order.objects.select_related("client"), pk=pk)
    if request.method == "POST":
        form = OrderEditForm(request.POST, instance=order)
        if form.is_valid() and form.save_if_unchanged():
            messages.success(request, f"{order.title} was saved.")
            return redirect(order.client)
    else:
        form = OrderEditForm(instance=order)
    return render(request, "clients/order_form.html", {"form": form, "order": form.stored})


@milestone_required("orders")
@crm_login_required
@require_http_methods(["GET", "HEAD", "POST"])
def order_delete(request: HttpRequest, pk: int) -> HttpResponse:
    order = get_object_or_404(Order.objects.select_related("client"), pk=pk)
    if request.method == "POST":
        with deletion_recorded(request, order):
            order.delete()
        messages.success(request, f"{order.title} was deleted.")
        return redirect(order.client)
    return render(request, "clients/order_confirm_delete.html", {"order": order})
