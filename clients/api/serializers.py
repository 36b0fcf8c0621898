"""What a client and an order look like as JSON."""

from decimal import Decimal
from typing import Any

from rest_framework import serializers

from clients.forms import refuse_forbidden_domain
from clients.models import Client, Order
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


class OrderSerializer(serializers.ModelSerializer):
    """An order; `client` is the client's id."""

    class Meta:
        model = Order
        fields = ["id", "client", "title", "amount", "status", "created_at"]

    def create(self, validated_data: dict[str, Any]) -> Order:
        """Raises ValidationError when the client went while the order was on its way: deleted, or merged."""
        client = Client.objects.select_for_update(no_key=True).filter(pk=validated_data["client"].pk).first()
        if client is None:
            raise serializers.ValidationError({"client": ["This client is not there any more."]})
        created: Order = super().create(validated_data)
        return created
