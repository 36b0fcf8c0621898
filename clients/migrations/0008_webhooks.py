import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

import clients.models.webhook


class Migration(migrations.Migration):
    """Milestone 19: order webhooks."""

    dependencies = [("clients", "0007_monthly_report")]

    operations = [
        migrations.CreateModel(
            name="WebhookSubscription",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "url",
                    models.URLField(
                        max_length=500,
                        unique=True,
                        validators=[django.core.validators.URLValidator(["http", "https"])],
                        verbose_name="URL",
                    ),
                ),
                ("secret", models.CharField(default=clients.models.webhook.new_secret, max_length=100)),
                ("active", models.BooleanField(default=True)),
                (
                    "failures",
                    models.PositiveIntegerField(
                        default=0, help_text="Deliveries in a row that were given up."
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="WebhookDelivery",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "event_id",
                    models.BigIntegerField(help_text="The order's id, of a summary the last one's."),
                ),
                ("payload", models.JSONField()),
                (
                    "status",
                    models.CharField(
                        choices=[("PENDING", "Waiting"), ("DELIVERED", "Delivered"), ("FAILED", "Given up")],
                        default="PENDING",
                        max_length=9,
                    ),
                ),
                ("attempts", models.PositiveIntegerField(default=0)),
                ("next_attempt_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("response_status", models.PositiveIntegerField(blank=True, null=True)),
                ("last_error", models.TextField(blank=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("delivered_at", models.DateTimeField(blank=True, null=True)),
                (
                    "subscription",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="deliveries",
                        to="clients.webhooksubscription",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "webhook deliveries",
                "ordering": ["-created_at", "-id"],
                "indexes": [
                    models.Index(fields=["-created_at", "-id"], name="webhook_delivery_newest"),
                    models.Index(
                        condition=models.Q(("status", "PENDING")),
                        fields=["next_attempt_at"],
                        name="webhook_delivery_due",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("subscription", "event_id"), name="webhook_delivery_once_an_event"
                    )
                ],
            },
        ),
    ]
