"""The way most of us write it first. Right, short, and slow at a million clients: measured beside the CRM's own way.

Each of these is what a tutorial shows. None is wrong with a hundred rows; docs/performance.md says what each costs.
"""

import csv
from io import StringIO

from django.core.paginator import Paginator
from django.db.models import Count, Q, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from rest_framework import generics, pagination, serializers

from clients.models import Client


def naive_list(request: HttpRequest) -> HttpResponse:
    """Groups the whole table before it takes ten rows, and counts all rows for the paginator."""
    clients = Client.objects.annotate(orders_count=Count("orders"), orders_total=Sum("orders__amount"))
    text = request.GET.get("q", "")
    clients = clients.filter(Q(name__icontains=text) | Q(email__icontains=text)).order_by(
        "-created_at", "-id"
    )
    page = Paginator(clients, 10).get_page(request.GET.get("page"))
    context = {"clients": page.object_list, "page_obj": page, "q": text, "query_string": ""}
    return render(request, "clients/client_list.html", context)


def naive_active(request: HttpRequest) -> HttpResponse:
    """Joins every unfinished order, then sorts all that away again by DISTINCT."""
    clients = Client.objects.exclude(orders__status="DONE").filter(orders__isnull=False).distinct()
    return HttpResponse(", ".join(client.name for client in clients.order_by("-created_at", "-id")[:10]))


def naive_export(request: HttpRequest) -> HttpResponse:
    """Reads every client into memory, asks for each one's orders, and writes the file as one string."""
    lines = StringIO()
    writer = csv.writer(lines)
    for client in Client.objects.prefetch_related("orders").order_by("-created_at", "-id")[
        : export_limit(request)
    ]:
        amounts = [order.amount for order in client.orders.all()]
        writer.writerow(
            [
                client.name,
                client.email,
                client.phone,
                client.vip,
                client.created_at,
                len(amounts),
                sum(amounts),
            ]
        )
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

    queryset = PlainClients.queryset.annotate(
        orders_count=Count("orders"), orders_total=Sum("orders__amount")
    )
    serializer_class = NaiveSerializer
