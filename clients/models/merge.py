"""What remains of a client that was merged into another."""

from django.conf import settings
from django.db import models

from clients.models.client import Client


class MergeRecord(models.Model):
    """The audit entry of one merge: who merged what into whom, and what the one that went was."""

    kept = models.ForeignKey(Client, on_delete=models.SET_NULL, null=True, related_name="merges")
    merged_id = models.BigIntegerField(help_text="The id the client that went had.")
    merged = models.JSONField(
        help_text="Its fields as they were: name, email, phone, avatar, vip, created_at."
    )
    filled_in = models.JSONField(
        default=dict, help_text="The empty fields of the kept client that were filled from it."
    )
    orders_moved = models.PositiveIntegerField()
    merged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-created_at", "-id"]

    def __str__(self) -> str:
        return f"{self.merged.get('name', self.merged_id)} → {self.kept or 'a client that is gone'}"
