"""The first page: how the office is doing."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from clients.accounts.access import crm_login_required
from clients.dashboard.figures import OrderFigures, with_names
from clients.dashboard.stored_figures import is_stale, order_figures
from clients.dashboard.summary import summary
from clients.exports.cells import BYTE_ORDER_MARK, as_amount, csv_bytes
from stages.features import is_active
from stages.web import milestone_required


@crm_login_required
@require_safe
def dashboard(request: HttpRequest) -> HttpResponse:
    context = {"summary": summary(), **order_context(request)}
    return render(request, "clients/dashboard.html", context)


def order_context(request: HttpRequest) -> dict[str, Any]:
    """Milestone 8: `figures` (None while they are counted for the first time), `counting` (newer ones are on the way);
    with milestone 9 `largest`, pairs of a client and its figures.
    """
    if not is_active("orders", request):
        return {}
    figures = order_figures()
    context: dict[str, Any] = {"figures": figures, "counting": is_stale(figures)}
    if figures and is_active("order-totals", request):
        context["largest"] = with_names(figures.largest)
    return context


@milestone_required("orders")
@crm_login_required
@require_safe
def figures_csv(request: HttpRequest) -> HttpResponse:
    """Revenue by month as a file; 503 while it is counted for the first time."""
    figures = order_figures()
    if figures is None:
        return HttpResponse(
            "The figures are being counted. Please try again in a minute.",
            status=503,
            content_type="text/plain",
        )
    return HttpResponse(
        month_lines(figures),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="revenue-by-month.csv"'},
    )


def month_lines(figures: OrderFigures) -> bytes:
    rows = [(f"{month.start:%Y-%m}", month.count, as_amount(month.total)) for month in figures.months]
    return BYTE_ORDER_MARK + csv_bytes([("Month", "Orders", "Revenue"), *rows])
