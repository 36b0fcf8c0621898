from contextlib import contextmanager
from functools import partial
from unittest.mock import patch

from channels.db import database_sync_to_async
from channels.layers import InMemoryChannelLayer
from django.db import transaction
from django.db.models.signals import post_save

from clients.changes import Announcement
from clients.live import origins, push
from clients.live.reliable import consumer
from clients.models import Order
from clients.models import order as order_module
from stages.checking.mistakes import Mistake
from tests.stages.mistakes.patches import everywhere, method


@contextmanager
def pushed_at_once():
    """An order is pushed when it is saved, and not when its transaction has been committed."""
    real = order_module.changed

    def changed(*, orders_created=(), bulk=False):
        push.announce(Announcement(tuple(orders_created), bulk))
        real(bulk=bulk)

    with patch.object(order_module, "changed", changed):
        yield


@database_sync_to_async
def anybody(user):
    return True


async def to_one_only(self, group, message):
    for channel in list(self.groups.get(group, {}))[:1]:
        await self.send(channel, message)


@contextmanager
def edits_pushed():
    def push_edit(instance, created, **kwargs):
        if not created:
            transaction.on_commit(partial(push.push_orders, [instance.pk]))

    post_save.connect(push_edit, sender=Order)
    try:
        yield
    finally:
        post_save.disconnect(push_edit, sender=Order)


MISTAKES = [
    Mistake(
        "before-the-commit",
        "The push leaves before the order is committed.",
        "test_nobody_is_told_before_the_commit",
        pushed_at_once,
    ),
    Mistake(
        "told-of-what-never-was",
        "An order that is rolled back is pushed all the same.",
        "test_an_order_that_is_rolled_back_is_never_told_of",
        pushed_at_once,
    ),
    Mistake(
        "guests-may-listen",
        "The handshake asks for no login.",
        "test_only_who_is_logged_in_may_listen",
        lambda: everywhere(consumer.may_listen, anybody),
    ),
    Mistake(
        "any-origin",
        "Any website can open the socket with its visitor's cookie.",
        "test_another_sites_page_may_not_listen",
        lambda: everywhere(origins.is_own_page, lambda origin, host: True),
    ),
    Mistake(
        "only-one-browser",
        "One of the open pages is told, and the others are not.",
        "test_two_browsers_are_told_of_an_order_added_on_a_page",
        method(InMemoryChannelLayer, "group_send", to_one_only),
    ),
    Mistake(
        "edits-are-told",
        "Whatever is saved is pushed: a changed order is told of as a new one.",
        "test_an_edited_order_is_no_new_order",
        edits_pushed,
    ),
]
