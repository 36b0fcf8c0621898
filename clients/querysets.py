"""How clients are read: the order of the list, the search, the active ones, the totals of their orders."""

from decimal import Decimal
from typing import Self

from django.db import connections, transaction
from django.db.models import Count, DecimalField, Exists, OuterRef, Prefetch, Q, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from clients.announced import AnnouncingQuerySet
from clients.avatars.files import discard
from clients.models.order import Order

MONEY: DecimalField = DecimalField(max_digits=18, decimal_places=2)
# A search text longer than any name or e-mail finds nothing; it need not reach the database.
LONGEST_SEARCH = 254
# What is searched for at most: the API looks for each word by itself, and hundreds of them would cost seconds.
MOST_WORDS = 8


class ClientQuerySet(AnnouncingQuerySet):
    """Clients: the list's order, search, the active ones, order totals."""

    def newest_first(self) -> Self:
        return self.order_by("-created_at", "-id")

    def search(self, text: str) -> Self:
        """Clients whose name or e-mail contains `text`, upper and lower case alike; all of them for an empty text."""
        text = text.strip()
        if not text:
            return self
        if "\x00" in text or len(text) > LONGEST_SEARCH:
            return self.none()
        return self.filter(Q(name__icontains=text) | Q(email__icontains=text))

    def active(self) -> Self:
        """Clients with at least one unfinished order, each once."""
        return self.filter(Exists(Order.objects.unfinished().filter(client=OuterRef("pk"))))

    def with_order_totals(self) -> Self:
        """Adds `orders_count` and `orders_total` (Decimal, 0 without orders).

        Both come over one join, so neither multiplies the other. Groups every client it is asked for: ask for the
        clients of one page (`filter(pk__in=…)`), never for a whole table that is cut afterwards.
        """
        return self.annotate(
            orders_count=Count("orders"),
            orders_total=Coalesce(Sum("orders__amount"), Value(Decimal(0)), output_field=MONEY),
        )

    def with_order_totals_of_each_row(self) -> Self:
        """The same two, None without orders, by a look-up of its own for each row.

        Slower for a page, but the first row comes at once and nothing is grouped in memory: for reading all of them.
        """
        orders = Order.objects.filter(client=OuterRef("pk")).order_by().values("client")
        return self.annotate(
            orders_count=Subquery(orders.annotate(found=Count("pk")).values("found")),
            orders_total=Subquery(orders.annotate(found=Sum("amount")).values("found")),
        )

    def with_latest_orders(self) -> Self:
        """Adds `latest_orders`: a list with each client's newest order, or nothing; one more query for all of them."""
        newest = Order.objects.newest_first()[:1]
        return self.prefetch_related(Prefetch("orders", queryset=newest, to_attr="latest_orders"))

    def held(self) -> Self:
        """The same clients, locked until the transaction ends: who adds an order for one of them waits, and vice versa.

        Always in the order of their ids, so that two who hold the same clients do not form a deadlock. SQLite has no
        such locks and needs none: it lets one writer in at a time.
        """
        if not connections[self.db].features.has_select_for_update:
            return self
        # Found by a subquery: what is grouped or joined cannot be locked itself.
        found = self.model._default_manager.using(self.db).filter(pk__in=self.order_by().values("pk"))
        return self.filter(pk__in=list(found.select_for_update().order_by("pk").values_list("pk", flat=True)))

    def delete(self) -> tuple[int, dict[str, int]]:
        with transaction.atomic():
            held = self.held()
            discard(held.exclude(avatar="").order_by().values_list("avatar", flat=True))
            return super(ClientQuerySet, held).delete()

    delete.alters_data = True  # type: ignore[attr-defined]
    delete.queryset_only = True  # type: ignore[attr-defined]
