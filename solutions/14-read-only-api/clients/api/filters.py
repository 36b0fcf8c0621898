"""A plain solution of milestone 14, API (DRF) — Read Only."""

import django_filters
from django.db.models import QuerySet

from clients.models import Client, Order


class ClientFilter(django_filters.FilterSet):
    status = StatusFilter(method="with_order_of_status")

    def with_order_of_status(self, clients: QuerySet[Client], name: str, status: str) -> QuerySet[Client]:
        return clients.filter(pk__in=Order.objects.filter(status=status).values("client"))


class OrderFilter(django_filters.FilterSet):
    """`status` and `client` (its id)."""

    status = StatusFilter()

    class Meta:
        model = Order
        fields = ["client"]
