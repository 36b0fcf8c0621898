"""A plain solution of milestone 14, API (DRF) — Read Only."""

from typing import Any

from django.db.models import QuerySet
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework.filters import OrderingFilter, SearchFilter
from rest_framework.viewsets import ModelViewSet

from clients.api.filters import ClientFilter, OrderFilter
from clients.api.pagination import CountedPagination
from clients.api.serializers import ClientSerializer, OrderSerializer
from clients.models import Client
from clients.orders.totals import with_counted_orders


class CrmViewSet(ModelViewSet):
    pagination_class = CountedPagination
    filter_backends = [DjangoFilterBackend, SearchFilter, OrderingFilter]
    ordering = ["-created_at", "-id"]


class ClientViewSet(CrmViewSet):
    serializer_class = ClientSerializer
    filterset_class = ClientFilter
    search_fields = ["name", "email"]

    def get_queryset(self) -> QuerySet[Client]:
        return with_counted_orders(super().get_queryset())

    def paginate_queryset(self, queryset: Any) -> Any:
        """The page's clients with their totals: only these are grouped, in the order of the page."""
        return super().paginate_queryset(queryset)


class OrderViewSet(CrmViewSet):
    serializer_class = OrderSerializer
    filterset_class = OrderFilter
