"""The entries: one insert each, in the transaction of what they tell of."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.contrib.admin.models import DELETION, LogEntry
from django.db import transaction
from django.db.models import Model
from django.http import HttpRequest

from clients.models import Client, MergeRecord


@contextmanager
def deletion_recorded(request: HttpRequest, instance: Model) -> Iterator[None]:
    """The deletion in the block and its entry are stored together, or neither of them."""
    with transaction.atomic():
        record(request, instance)
        yield


def record_merge(request: HttpRequest, merge: MergeRecord) -> None:
    """The entry of the client that went. What it was, and what moved, stands in the MergeRecord."""
    gone = Client(pk=merge.merged_id, name=merge.merged["name"])
    record(request, gone, f"Merged into {merge.kept} (client {merge.kept_id}).")


def record(request: HttpRequest, instance: Model, message: str = "") -> None:
    """Nothing for a guest: while milestone 5 is off there is nobody to name."""
    if request.user.is_authenticated:
        LogEntry.objects.log_actions(request.user.pk, [instance], DELETION, message)
