"""How orders are read, and their bulk writes."""

from collections.abc import Iterable
from typing import Any, Self

from clients.announced import AnnouncingQuerySet
from clients.changes import changed


class OrderQuerySet(AnnouncingQuerySet):
    """Orders: the list's order, the unfinished ones."""

    def newest_first(self) -> Self:
        return self.order_by("-created_at", "-id")

    def unfinished(self) -> Self:
        return self.exclude(status="DONE")

    def announce_bulk(self, created: Iterable[Any] = ()) -> None:
        changed(orders_created=[order.pk for order in created], bulk=True)
