from contextlib import contextmanager
from unittest.mock import patch

from channels.db import database_sync_to_async

from clients.changes import Announcement
from clients.live import consumers, events, origins, push
from clients.models import order as order_module
from stages.checking.mistakes import Mistake
from tests.stages.mistakes.patches import everywhere


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
        lambda: everywhere(consumers.may_listen, anybody),
    ),
    Mistake(
        "any-origin",
        "Any website can open the socket with its visitor's cookie.",
        "test_another_sites_page_may_not_listen",
        lambda: everywhere(origins.is_own_page, lambda origin, host: True),
    ),
    Mistake(
        "late-commits-are-missed",
        "“Everything after id N” misses an order whose transaction committed later than a newer one.",
        "test_an_order_that_was_committed_after_a_later_one_is_not_missed",
        lambda: everywhere(events.overlapping_ids, lambda after: []),
    ),
    Mistake(
        "nothing-is-replayed",
        "Whoever comes back after a lost connection is told nothing of what was missed.",
        "test_after_a_lost_connection_a_page_is_told_what_it_missed",
        lambda: everywhere(events.missed_frames, lambda after: []),
    ),
]
