from decimal import Decimal

import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
from django.db import migrations, models


class Migration(migrations.Migration):
    """Milestone 8: orders."""

    dependencies = [("clients", "0002_client_avatar")]

    operations = [
        migrations.CreateModel(
            name="Order",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("title", models.CharField(max_length=200)),
                (
                    "amount",
                    models.DecimalField(
                        decimal_places=2,
                        max_digits=12,
                        validators=[
                            django.core.validators.MinValueValidator(
                                Decimal("0"), "An amount cannot be negative."
                            )
                        ],
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[("NEW", "New"), ("IN_PROGRESS", "In progress"), ("DONE", "Done")],
                        default="NEW",
                        max_length=11,
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "client",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="orders",
                        to="clients.client",
                    ),
                ),
            ],
            options={
                "ordering": ["-created_at", "-id"],
                "indexes": [
                    models.Index(fields=["client"], include=("amount", "status"), name="order_totals"),
                    models.Index(
                        condition=models.Q(("status", "DONE"), _negated=True),
                        fields=["client"],
                        name="order_unfinished",
                    ),
                    models.Index(fields=["client", "-created_at", "-id"], name="order_client_newest"),
                    models.Index(fields=["-created_at", "-id"], name="order_newest_first"),
                    models.Index(fields=["amount", "id"], name="order_by_amount"),
                    models.Index(fields=["status", "-created_at", "-id"], name="order_status_newest"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("amount__gte", 0)),
                        name="order_amount_not_negative",
                        violation_error_message="An amount cannot be negative.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("status__in", ["NEW", "IN_PROGRESS", "DONE"])),
                        name="order_status_known",
                    ),
                ],
            },
        ),
    ]
