"""Who wants to be told of new orders by HTTP, and what became of telling them."""

from django.db import models


class WebhookSubscription(models.Model):
    """An address that gets every new order, signed with the secret it shares with us."""

    url = models.URLField(max_length=500, unique=True)
    secret = models.CharField(max_length=100)
    active = models.BooleanField(default=True)
    failures = models.PositiveIntegerField(default=0, help_text="Deliveries in a row that were given up.")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.url


class WebhookDelivery(models.Model):
    """One event for one subscription: what was sent, how often, and the last answer."""

    class Status(models.TextChoices):
        PENDING = "PENDING", "Waiting"
        DELIVERED = "DELIVERED", "Delivered"
        FAILED = "FAILED", "Given up"

    subscription = models.ForeignKey(WebhookSubscription, on_delete=models.CASCADE, related_name="deliveries")
    event_id = models.BigIntegerField(help_text="The order's id; one delivery an order and subscription.")
    payload = models.JSONField()
    status = models.CharField(max_length=9, choices=Status, default=Status.PENDING)
    attempts = models.PositiveIntegerField(default=0)
    response_status = models.PositiveIntegerField(null=True, blank=True)
    last_error = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    delivered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["subscription", "event_id"], name="webhook_delivery_once_an_event"
            ),
        ]

    def __str__(self) -> str:
        return f"order {self.event_id} to {self.subscription}"
