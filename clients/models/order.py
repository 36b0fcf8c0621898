"""What a client has ordered."""

from decimal import Decimal

from django.core.validators import MinValueValidator
from django.db import models

from clients.announced import AnnouncedModel
from clients.changes import changed
from clients.orders.querysets import OrderQuerySet


class Order(AnnouncedModel):
    """One order: an amount that is never negative and a status."""

    class Status(models.TextChoices):
        NEW = "NEW", "New"
        IN_PROGRESS = "IN_PROGRESS", "In progress"
        DONE = "DONE", "Done"

    # The covering index below serves the foreign key as well.
    client = models.ForeignKey(
        "clients.Client", on_delete=models.CASCADE, related_name="orders", db_index=False
    )
    title = models.CharField(max_length=200)
    amount = models.DecimalField(
        max_digits=12,
        decimal_places=2,
        validators=[MinValueValidator(Decimal(0), "An amount cannot be negative.")],
    )
    status = models.CharField(max_length=11, choices=Status, default=Status.NEW)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = OrderQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [
            # Sums and counts of a client's orders are answered from the index alone (PostgreSQL).
            models.Index(fields=["client"], include=["amount", "status"], name="order_totals"),
            # Active clients, and clients with an order of one unfinished status.
            models.Index(
                fields=["client", "status"],
                condition=~models.Q(status="DONE"),
                name="order_unfinished_status",
            ),
            # A client's own orders, newest first; and everybody's, for the API, the dashboard and the monthly report.
            models.Index(fields=["client", "-created_at", "-id"], name="order_client_newest"),
            models.Index(fields=["-created_at", "-id"], name="order_newest_first"),
            # The API's other order, and its filter by status.
            models.Index(fields=["amount", "id"], name="order_by_amount"),
            models.Index(fields=["status", "-created_at", "-id"], name="order_status_newest"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(amount__gte=0),
                name="order_amount_not_negative",
                violation_error_message="An amount cannot be negative.",
            ),
            models.CheckConstraint(
                condition=models.Q(status__in=["NEW", "IN_PROGRESS", "DONE"]), name="order_status_known"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def announce(self, *, added: bool) -> None:
        """A new order goes to the live pages, any change to the cached list."""
        changed(orders_created=[self.pk] if added else [])
