"""A plain solution of milestone 14, API (DRF) — Read Only."""

from django.db.models import QuerySet
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework.filters import OrderingFilter, SearchFilter
from rest_framework.viewsets import ModelViewSet

from clients.api.filters import ClientFilter, OrderFilter
from clients.api.pagination import CountedPagination
from clients.api.serializers import ClientSerializer, OrderSerializer
from clients.models import Client, Order
from clients.orders.totals import with_counted_orders


class CrmViewSet(ModelViewSet):
    pagination_class = CountedPagination
    filter_backends = [DjangoFilterBackend, SearchFilter, OrderingFilter]


class ClientViewSet(CrmViewSet):
    """Clients, newest first, each with the number and the sum of its orders."""

    queryset = Client.objects.all()
    serializer_class = ClientSerializer
    filterset_class = ClientFilter
    search_fields = ["name", "email"]
    ordering = ["-created_at", "-id"]

    def get_queryset(self) -> QuerySet[Client]:
        return with_counted_orders(super().get_queryset())


class OrderViewSet(CrmViewSet):
    """Orders, newest first."""

    queryset = Order.objects.all()
    serializer_class = OrderSerializer
    filterset_class = OrderFilter
    ordering = ["-created_at", "-id"]
