"""The monthly report: one row and one file a month, one delivery a recipient."""

from typing import Self

from django.db import models
from django.utils import timezone


class Claimable(models.Model):
    """A row that one worker at a time works on: see clients/reports/claims.py."""

    claim = models.CharField(max_length=32, blank=True, editable=False, help_text="The worker's own token.")
    claimed_until = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="From then on the claim is a dead worker's."
    )

    class Meta:
        abstract = True

    @property
    def is_claimed(self) -> bool:
        """Whether a worker is at it right now."""
        return self.claimed_until is not None and self.claimed_until > timezone.now()


class MonthlyReport(Claimable):
    """The orders of one month as a CSV file."""

    class Status(models.TextChoices):
        PENDING = "PENDING", "Being made"
        READY = "READY", "Ready"
        FAILED = "FAILED", "Failed"

    month = models.DateField(unique=True, help_text="The first day of the month.")
    status = models.CharField(max_length=7, choices=Status, default=Status.PENDING)
    file = models.FileField(upload_to="reports/", blank=True)
    orders_count = models.PositiveIntegerField(default=0)
    orders_total = models.DecimalField(max_digits=18, decimal_places=2, default=0)
    last_error = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-month"]
        constraints = [
            models.CheckConstraint(condition=models.Q(month__day=1), name="report_month_is_a_first_day"),
        ]

    def __str__(self) -> str:
        return f"Orders of {self.month:%Y-%m}"

    @property
    def is_made(self) -> bool:
        """Whether the file is there, on the disk too: one that was lost is made again when it is asked for."""
        return self.status == self.Status.READY and self.file.storage.exists(str(self.file.name))

    @property
    def is_unfinished(self) -> bool:
        """Whether asking for it again would do something: make it, or send what is not sent."""
        sent = ReportDelivery.Status.SENT
        return self.status != self.Status.READY or any(copy.status != sent for copy in self.deliveries.all())


class ReportDeliveryQuerySet(models.QuerySet):
    """Deliveries: the ones that are still to be made."""

    def unsent(self) -> Self:
        return self.exclude(status=ReportDelivery.Status.SENT)


class ReportDelivery(Claimable):
    """One recipient's copy of a report; its Message-ID stays the same however often it is sent."""

    class Status(models.TextChoices):
        PENDING = "PENDING", "Waiting"
        SENT = "SENT", "Sent"
        FAILED = "FAILED", "Failed"

    report = models.ForeignKey(MonthlyReport, on_delete=models.CASCADE, related_name="deliveries")
    recipient = models.EmailField()
    message_id = models.CharField(max_length=200)
    status = models.CharField(max_length=7, choices=Status, default=Status.PENDING)
    attempts = models.PositiveIntegerField(default=0)
    last_error = models.TextField(blank=True)
    next_attempt_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)

    objects = ReportDeliveryQuerySet.as_manager()

    class Meta:
        ordering = ["recipient"]
        constraints = [
            models.UniqueConstraint(fields=["report", "recipient"], name="report_delivery_once_a_recipient"),
        ]

    def __str__(self) -> str:
        return f"{self.report} to {self.recipient}"
