"""From a committed order to its deliveries."""

from collections.abc import Iterable
from functools import partial

from django.db import transaction

from clients.changes import Announcement
from clients.live.events import new_order_frames
from clients.models import WebhookDelivery, WebhookSubscription
from clients.webhooks.tasks import queue_deliveries
from stages.features import is_active_for_everyone


def announce(announcement: Announcement) -> None:
    """A listener of clients/changes.py; while the milestone is off nobody is told."""
    if announcement.orders_created and is_active_for_everyone("live-orders"):
        dispatch_orders(announcement.orders_created, bulk=announcement.bulk)


def dispatch_orders(order_ids: Iterable[int], *, bulk: bool = False) -> None:
    """Notes a delivery for each subscription and event, and starts them.

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
        transaction.on_commit(partial(queue_deliveries, [delivery.pk for delivery in deliveries]))
