import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
from django.db import migrations, models


class Migration(migrations.Migration):
    """Milestone 18: the monthly report and its deliveries."""

    dependencies = [("clients", "0006_merge_record")]

    operations = [
        migrations.CreateModel(
            name="MonthlyReport",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "claim",
                    models.CharField(
                        blank=True, editable=False, help_text="The worker's own token.", max_length=32
                    ),
                ),
                (
                    "claimed_until",
                    models.DateTimeField(
                        blank=True,
                        editable=False,
                        help_text="From then on the claim is a dead worker's.",
                        null=True,
                    ),
                ),
                ("month", models.DateField(help_text="The first day of the month.", unique=True)),
                (
                    "status",
                    models.CharField(
                        choices=[("PENDING", "Being made"), ("READY", "Ready"), ("FAILED", "Failed")],
                        default="PENDING",
                        max_length=7,
                    ),
                ),
                ("file", models.FileField(blank=True, upload_to="reports/")),
                ("orders_count", models.PositiveIntegerField(default=0)),
                ("orders_total", models.DecimalField(decimal_places=2, default=0, max_digits=18)),
                ("last_error", models.TextField(blank=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ["-month"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("month__day", 1)), name="report_month_is_a_first_day"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ReportDelivery",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "claim",
                    models.CharField(
                        blank=True, editable=False, help_text="The worker's own token.", max_length=32
                    ),
                ),
                (
                    "claimed_until",
                    models.DateTimeField(
                        blank=True,
                        editable=False,
                        help_text="From then on the claim is a dead worker's.",
                        null=True,
                    ),
                ),
                ("recipient", models.EmailField(max_length=254)),
                ("message_id", models.CharField(max_length=200)),
                (
                    "status",
                    models.CharField(
                        choices=[("PENDING", "Waiting"), ("SENT", "Sent"), ("FAILED", "Failed")],
                        default="PENDING",
                        max_length=7,
                    ),
                ),
                ("attempts", models.PositiveIntegerField(default=0)),
                ("last_error", models.TextField(blank=True)),
                ("next_attempt_at", models.DateTimeField(blank=True, null=True)),
                ("sent_at", models.DateTimeField(blank=True, null=True)),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="deliveries",
                        to="clients.monthlyreport",
                    ),
                ),
            ],
            options={
                "ordering": ["recipient"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("report", "recipient"), name="report_delivery_once_a_recipient"
                    )
                ],
            },
        ),
    ]
