"""What a client and an order look like as JSON."""

from decimal import Decimal
from typing import Any

from django.db.models import Model
from rest_framework import serializers
from rest_framework.exceptions import NotFound

from clients.api.strict import IdField
from clients.forms import refuse_forbidden_domain
from clients.models import Client, Order
from clients.races.locking import hold, keep_there
from stages.features import is_active


class ClientSerializer(serializers.ModelSerializer):
    """A client with its order totals, which come with the row (`ClientQuerySet.with_order_totals`)."""

    orders_count = serializers.IntegerField(read_only=True, default=0)
    orders_total = serializers.DecimalField(
        max_digits=18, decimal_places=2, read_only=True, default=Decimal(0)
    )

    class Meta:
        model = Client
        fields = ["id", "name", "email", "phone", "vip", "created_at", "orders_count", "orders_total"]
        read_only_fields = ["vip"]

    def validate_email(self, value: str) -> str:
        """The office's rule of milestone 3 holds here as well."""
        email = value.lower()
        if is_active("client-validation", self.context["request"]):
            refuse_forbidden_domain(email)
        return email

    def update(self, instance: Client, validated_data: dict[str, Any]) -> Client:
        """Raises NotFound when the client was deleted or merged in the meantime."""
        hold_or_refuse(instance)
        updated: Client = super().update(instance, validated_data)
        return updated


class OrderSerializer(serializers.ModelSerializer):
    """An order; `client` is the client's id."""

    serializer_related_field = IdField

    class Meta:
        model = Order
        fields = ["id", "client", "title", "amount", "status", "created_at"]

    def create(self, validated_data: dict[str, Any]) -> Order:
        """Raises ValidationError when the client went while the order was on its way: deleted, or merged."""
        hold_client(validated_data["client"])
        created: Order = super().create(validated_data)
        return created

    def update(self, instance: Order, validated_data: dict[str, Any]) -> Order:
        """Raises NotFound when the order was deleted in the meantime, and like `create` for the client it is to go to.

        The client is held first, as in a merge, so that the two never wait for each other.
        """
        if "client" in validated_data:
            hold_client(validated_data["client"])
        hold_or_refuse(instance)
        updated: Order = super().update(instance, validated_data)
        return updated


def hold_or_refuse(row: Model) -> None:
    """Holds the row while it is written. Raises NotFound when it is gone."""
    if not hold(row):
        raise NotFound


def hold_client(client: Client) -> None:
    """Holds an order's client while the order is written. Raises ValidationError when it is gone."""
    if not keep_there(Client, client.pk):
        raise serializers.ValidationError({"client": ["This client is not there any more."]})
