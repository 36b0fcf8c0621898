"""Which orders a page may have missed, told by the last one that it has seen."""

from datetime import timedelta

from clients.live.events import REPLAY_LIMIT, Frame, order_frames
from clients.models import Order

# Ids become visible when their transaction commits, so a lower one may appear after a higher one. Who has seen an
# order is also told about those saved up to a minute before it (and a little after: clocks of several servers differ).
OVERLAP = timedelta(seconds=60)
CLOCKS_DIFFER = timedelta(seconds=10)
OVERLAP_LIMIT = 200


def newest_id() -> int:
    """The newest order's id, 0 when there is none."""
    return Order.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def missed_ids(after: int) -> list[int] | None:
    """The orders that came after this one, and a few before it (see OVERLAP); None when they are too many to tell."""
    later = Order.objects.filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)[: REPLAY_LIMIT + 1]
    missed = list(later)
    return None if len(missed) > REPLAY_LIMIT else [*overlapping_ids(after), *missed]


def overlapping_ids(after: int) -> list[int]:
    """Orders up to `after` that may have been committed after it."""
    earlier = Order.objects.filter(pk__lte=after)
    saved_at = earlier.order_by("-pk").values_list("created_at", flat=True).first()
    if saved_at is None:
        return []
    near = earlier.filter(created_at__range=(saved_at - OVERLAP, saved_at + CLOCKS_DIFFER))
    return list(near.newest_first().values_list("pk", flat=True)[:OVERLAP_LIMIT])


def missed_frames(after: int | None) -> list[Frame]:
    """What a page that has seen everything up to `after` may have missed; None stands for an id that makes no sense."""
    ids = None if after is None else missed_ids(after)
    return [{"type": "orders.missed", "id": newest_id()}] if ids is None else order_frames(ids)
