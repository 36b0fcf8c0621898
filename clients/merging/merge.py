"""Milestone 17: two entries of one client become one, with all orders, or nothing changes at all."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.forms.models import model_to_dict

from clients.models import Client, MergeRecord, Order
from clients.orders.totals import with_counted_orders
from clients.site.patience import MERGE, longer_statements

# What the kept client takes over where it has nothing itself.
FILLED_IN = ("phone", "avatar", "vip")


class MergeError(Exception):
    """The merge cannot be done; the text says why in the user's words."""


@dataclass(frozen=True)
class MergePreview:
    """What a merge would do. Both clients carry `orders_count` and `orders_total`; so does the result."""

    keep: Client
    merge: Client
    filled_in: dict[str, Any]

    @property
    def orders_count(self) -> int:
        return self.keep.orders_count + self.merge.orders_count

    @property
    def orders_total(self) -> Decimal:
        return self.keep.orders_total + self.merge.orders_total


def preview_merge(*, keep_id: int, merge_id: int) -> MergePreview:
    """What `merge_clients` would do with these two; changes nothing. Raises MergeError."""
    found = with_counted_orders(Client.objects.filter(pk__in=[keep_id, merge_id]))
    keep, merge = kept_and_merged({client.pk: client for client in found}, keep_id, merge_id)
    return MergePreview(keep, merge, empty_fields_filled(keep, merge))


def merge_clients(*, keep_id: int, merge_id: int, merged_by: User | None) -> MergeRecord:
    """Moves every order of one client to the other, fills the empty fields of the kept one and deletes the rest.

    Both rows are locked in the order of their ids, so that two merges of the same two clients wait for each other
    instead of forming a deadlock. Orders that are added at that moment are either moved as well or refused, because
    their client is gone. One UPDATE moves them, however many. Raises MergeError; whatever fails, nothing has changed.
    """
    with transaction.atomic(), longer_statements(MERGE):
        keep, merge = kept_and_merged(locked(keep_id, merge_id), keep_id, merge_id)
        filled_in = empty_fields_filled(keep, merge)
        record = MergeRecord.objects.create(
            kept=keep,
            merged_id=merge.pk,
            merged=described(merge),
            filled_in={name: str(value) for name, value in filled_in.items()},
            orders_moved=Order.objects.filter(client=merge).update(client=keep),
            merged_by=merged_by,
        )
        merge_into(keep, merge, filled_in)
        return record


def kept_and_merged(found: dict[int, Client], keep_id: int, merge_id: int) -> tuple[Client, Client]:
    if keep_id == merge_id:
        raise MergeError("A client cannot be merged with itself. Choose two different ones.")
    if missing := [pk for pk in (keep_id, merge_id) if pk not in found]:
        raise MergeError(
            f"Client {missing[0]} is not there any more. Perhaps it has just been merged or deleted."
        )
    return found[keep_id], found[merge_id]


def locked(*ids: int) -> dict[int, Client]:
    """Both clients, locked until the transaction ends; always in the order of their ids."""
    return {
        client.pk: client for client in Client.objects.select_for_update().filter(pk__in=ids).order_by("pk")
    }


def empty_fields_filled(keep: Client, merge: Client) -> dict[str, Any]:
    """What the kept client has empty and the other one does not."""
    return {
        name: getattr(merge, name) for name in FILLED_IN if getattr(merge, name) and not getattr(keep, name)
    }


def described(client: Client) -> dict[str, str]:
    """The client as it was, for the audit entry."""
    return {
        name: str(value) for name, value in {**model_to_dict(client), "created_at": client.created_at}.items()
    }


def merge_into(keep: Client, merge: Client, filled_in: dict[str, Any]) -> None:
    for name, value in filled_in.items():
        setattr(keep, name, value)
    if "avatar" in filled_in:
        keep.avatar = merge.avatar.name
        # The file has a new owner and must not go with the old one.
        merge.avatar = ""
    # What was merged into the one that goes belongs to the kept one from now on: its address leads on to there.
    MergeRecord.objects.filter(kept=merge).update(kept=keep)
    merge.delete()
    keep.save()
