"""The way most of us write it first. Right, short, and slow at a million clients: measured beside the CRM's own way.

Each of these is what a tutorial shows. None is wrong with a hundred rows; docs/performance.md says what each costs.
"""

import csv
from io import StringIO

from django.core.paginator import Paginator
from django.db.models import Count, DecimalField, Q, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from rest_framework import generics, pagination, serializers

from clients.dashboard.figures import take_figures, with_names
from clients.dashboard.summary import summary
from clients.models import Client, Order

TOTAL = Sum("orders__amount", default=0, output_field=DecimalField(max_digits=18, decimal_places=2))


def naive_list(request: HttpRequest) -> HttpResponse:
    """Groups the whole table before it takes ten rows, and counts all rows for the paginator."""
    clients = Client.objects.annotate(orders_count=Count("orders"), orders_total=TOTAL)
    clients = clients.with_latest_orders()
    text = request.GET.get("q", "")
    clients = clients.filter(Q(name__icontains=text) | Q(email__icontains=text)).order_by(
        "-created_at", "-id"
    )
    page = Paginator(clients, 10).get_page(request.GET.get("page"))
    context = {"clients": page.object_list, "page_obj": page, "q": text, "page_query_string": ""}
    return render(request, "clients/client_list.html", context)


def naive_active(request: HttpRequest) -> HttpResponse:
    """The list of active clients: joins every unfinished order, sorts each client's extra rows away by DISTINCT."""
    unfinished = Order.objects.exclude(status="DONE")
    clients = Client.objects.filter(orders__in=unfinished).distinct().order_by("-created_at", "-id")
    page = Paginator(clients, 10).get_page(request.GET.get("page"))
    # Totals over the same join would count unfinished orders only, so the ten rows are asked for once more.
    rows = Client.objects.filter(pk__in=[client.pk for client in page]).annotate(
        orders_count=Count("orders"), orders_total=TOTAL
    )
    context = {
        "clients": rows.with_latest_orders().order_by("-created_at", "-id"),
        "page_obj": page,
        "active_only": True,
        "page_query_string": "active=1",
    }
    return render(request, "clients/client_list.html", context)


def naive_dashboard(request: HttpRequest) -> HttpResponse:
    """Groups all orders four times for every view."""
    figures = take_figures()
    context = {"summary": summary(), "figures": figures, "largest": with_names(figures.largest)}
    return render(request, "clients/dashboard.html", context)


def naive_export(request: HttpRequest) -> HttpResponse:
    """Asks for each client's orders, and writes the file as one string."""
    lines = StringIO()
    writer = csv.writer(lines)
    for client in Client.objects.order_by("-created_at", "-id")[: export_limit(request)]:
        amounts = [order.amount for order in client.orders.all()]
        totals = [len(amounts), sum(amounts)]
        writer.writerow([client.name, client.email, client.phone, client.vip, client.created_at, *totals])
    return HttpResponse(lines.getvalue(), content_type="text/csv")


def export_limit(request: HttpRequest) -> int:
    """How many clients: a million of them would need gigabytes of memory here."""
    return int(request.GET["limit"])


class NaiveSerializer(serializers.ModelSerializer):
    orders_count = serializers.IntegerField()
    orders_total = serializers.DecimalField(max_digits=18, decimal_places=2)

    class Meta:
        model = Client
        fields = ["id", "name", "email", "phone", "vip", "created_at", "orders_count", "orders_total"]


class PlainSerializer(serializers.ModelSerializer):
    class Meta:
        model = Client
        fields = ["id", "name", "email", "phone", "vip", "created_at"]


class TenAPage(pagination.PageNumberPagination):
    page_size = 10


class PlainClients(generics.ListAPIView):
    """A plain ListAPIView with PageNumberPagination, even without totals: it counts the table on every request."""

    queryset = Client.objects.order_by("-created_at", "-id")
    serializer_class = PlainSerializer
    pagination_class = TenAPage
    permission_classes = ()


class NaiveClients(PlainClients):
    """The same with the totals of the real API, by annotating the whole table."""

    queryset = PlainClients.queryset.annotate(orders_count=Count("orders"), orders_total=TOTAL)
    serializer_class = NaiveSerializer
