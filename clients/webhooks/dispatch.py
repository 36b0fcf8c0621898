"""From a new order to its deliveries."""

from collections.abc import Iterable

from django.db import transaction

from clients.changes import Announcement
from clients.live.events import new_order_frames
from clients.models import WebhookDelivery, WebhookSubscription
from clients.webhooks.tasks import queue_deliveries
from stages.features import is_active_for_everyone


def record(announcement: Announcement) -> None:
    """A recorder of clients/changes.py; while the milestone is off nobody is told."""
    if announcement.orders_created and is_active_for_everyone("live-orders"):
        record_deliveries(announcement.orders_created, bulk=announcement.bulk)


def record_deliveries(order_ids: Iterable[int], *, bulk: bool = False) -> None:
    """Stores a delivery for each subscription and event with the orders, and starts them once that is committed.

    The payload is the frame that the open pages get, so a bulk creation is one delivery (`orders.created`).
    """
    subscriptions = list(WebhookSubscription.objects.filter(active=True))
    frames = new_order_frames(order_ids, bulk=bulk) if subscriptions else []
    deliveries = WebhookDelivery.objects.bulk_create(
        WebhookDelivery(subscription=subscription, event_id=frame["id"], payload=frame)
        for subscription in subscriptions
        for frame in frames
    )
    if deliveries:
        _start_after_commit([delivery.pk for delivery in deliveries])


def _start_after_commit(delivery_ids: list[int]) -> None:
    """The sweep finds what could not be started, so the person who placed the order is spared the error."""

    # A function and no partial: Django logs the name of what failed, and a partial has none.
    def start() -> None:
        queue_deliveries(delivery_ids)

    transaction.on_commit(start, robust=True)
