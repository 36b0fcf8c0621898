"""The API's two collections. They read; with milestone 15 staff may write as well."""

from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from rest_framework.exceptions import ValidationError
from rest_framework.parsers import FormParser, MultiPartParser
from rest_framework.permissions import SAFE_METHODS
from rest_framework.serializers import BaseSerializer
from rest_framework.viewsets import ModelViewSet

from clients.api.filters import AskedFilters, ClientFilter, OrderFilter, StableOrdering, TextSearch
from clients.api.pagination import CountedPagination
from clients.api.permissions import ReadAllWriteStaff
from clients.api.serializers import ClientSerializer, OrderSerializer
from clients.api.strict import StrictJSONParser
from clients.api.throttles import GuestThrottle, UserThrottle
from clients.models import Client, Order
from clients.orders.totals import with_counted_orders
from stages.features import is_active
from stages.rest import MilestoneActive


class CrmViewSet(ModelViewSet):
    """What both collections share."""

    milestone = "read-only-api"
    permission_classes = [MilestoneActive, ReadAllWriteStaff]
    throttle_classes = [GuestThrottle, UserThrottle]
    parser_classes = [StrictJSONParser, FormParser, MultiPartParser]
    pagination_class = CountedPagination
    filter_backends = [AskedFilters, TextSearch, StableOrdering]
    http_method_names = ["get", "head", "options", "post", "put", "patch", "delete"]
    lookup_value_regex = r"\d{1,18}"
    ordering = ["-created_at"]

    @property
    def allowed_methods(self) -> list[str]:
        """What the Allow header offers: while milestone 15 is off nothing that writes."""
        methods: list[str] = super().allowed_methods
        if is_active("api-permissions", self.request):
            return methods
        return [method for method in methods if method in SAFE_METHODS]

    def perform_create(self, serializer: BaseSerializer) -> None:
        with transaction.atomic():
            serializer.save()

    def perform_update(self, serializer: BaseSerializer) -> None:
        with transaction.atomic():
            serializer.save()


class ClientViewSet(CrmViewSet):
    """Clients, newest first, each with the number and the sum of its orders."""

    queryset = Client.objects.all()
    serializer_class = ClientSerializer
    filterset_class = ClientFilter
    search_fields = ["name", "email"]
    ordering_fields = ["created_at", "name", "email"]

    def get_queryset(self) -> QuerySet[Client]:
        clients: QuerySet[Client] = super().get_queryset()
        return clients if self.action == "list" else with_counted_orders(clients)

    def paginate_queryset(self, queryset: Any) -> Any:
        """The page's clients with their totals: only these are grouped, in the order of the page."""
        page = super().paginate_queryset(queryset.values_list("pk", flat=True)) or []
        totals = with_counted_orders(Client.objects.all()).in_bulk(page)
        return [totals[pk] for pk in page if pk in totals]

    def perform_create(self, serializer: BaseSerializer) -> None:
        save_unique(serializer)

    def perform_update(self, serializer: BaseSerializer) -> None:
        save_unique(serializer)


class OrderViewSet(CrmViewSet):
    """Orders, newest first."""

    queryset = Order.objects.all()
    serializer_class = OrderSerializer
    filterset_class = OrderFilter
    ordering_fields = ["created_at", "amount"]


def save_unique(serializer: BaseSerializer) -> None:
    """Saves. Raises ValidationError when another request took the e-mail after it had been checked."""
    try:
        with transaction.atomic():
            serializer.save()
    except IntegrityError as error:
        raise ValidationError({"email": ["There is already a client with this e-mail address."]}) from error
