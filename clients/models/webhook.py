"""Who wants to be told about new orders by HTTP, and what became of telling them."""

import secrets

from django.core.validators import URLValidator
from django.db import models
from django.utils import timezone


def new_secret() -> str:
    """What a subscription signs with until somebody chooses another."""
    return secrets.token_urlsafe(32)


class WebhookSubscription(models.Model):
    """An address that gets every new order, signed with the secret it shares with us."""

    url = models.URLField("URL", max_length=500, unique=True, validators=[URLValidator(["http", "https"])])
    secret = models.CharField(max_length=100, default=new_secret)
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
    event_id = models.BigIntegerField(help_text="The order's id, of a summary the last one's.")
    payload = models.JSONField()
    status = models.CharField(max_length=9, choices=Status, default=Status.PENDING)
    attempts = models.PositiveIntegerField(default=0)
    next_attempt_at = models.DateTimeField(default=timezone.now)
    response_status = models.PositiveIntegerField(null=True, blank=True)
    last_error = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    delivered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-id"]
        verbose_name_plural = "webhook deliveries"
        indexes = [
            models.Index(fields=["-created_at", "-id"], name="webhook_delivery_newest"),
            models.Index(
                fields=["next_attempt_at"], condition=models.Q(status="PENDING"), name="webhook_delivery_due"
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["subscription", "event_id"], name="webhook_delivery_once_an_event"
            ),
        ]

    def __str__(self) -> str:
        return f"order {self.event_id} to {self.subscription}"
