"""A plain solution of milestone 12, Custom manager."""

from typing import Self

from django.db.models import Exists, OuterRef, QuerySet

from clients.models.order import Order


class ClientQuerySet(QuerySet):
    def active(self) -> Self:
        """Clients with at least one unfinished order, each once."""
        return self.filter(Exists(Order.objects.unfinished().filter(client=OuterRef("pk"))))
