"""The order figures, as fresh as they can be had at once.

A small office's are counted for every page, so that a new order shows immediately. Where counting takes seconds, the
last ones are kept in the cache and shown with their age, while a thread counts again; no page waits for it.
"""

import logging
import threading
from datetime import timedelta

from django.core.cache import caches
from django.db import connections

from clients.dashboard.figures import OrderFigures, take_figures
from clients.models import Order
from clients.site.patience import FIGURES, longer_reading

logger = logging.getLogger(__name__)

# Up to this many orders are counted while the page waits: about a quarter of a second on SQLite.
COUNTED_AT_ONCE = 50_000
FRESH_FOR = timedelta(minutes=5)
KEPT_SECONDS = 24 * 60 * 60
# The number belongs to the shape of OrderFigures: raise it when the fields change, and kept ones are not read again.
KEY = "clients:order-figures:1"

_counting = threading.Lock()


def order_figures() -> OrderFigures | None:
    """What can be shown now; None while they are counted for the first time."""
    if not has_many_orders():
        return take_figures()
    figures = stored_figures()
    if figures is None or is_stale(figures):
        refresh()
    return figures


def has_many_orders() -> bool:
    """Whether counting would hold up the page. Looks at no more than COUNTED_AT_ONCE entries of an index."""
    return Order.objects.order_by("pk")[COUNTED_AT_ONCE : COUNTED_AT_ONCE + 1].exists()


def is_stale(figures: OrderFigures | None) -> bool:
    return figures is None or figures.age > FRESH_FOR


def stored_figures() -> OrderFigures | None:
    """The last ones: this process's own too, which are there while Redis is away. The newer of both."""
    found = [figures for name in ("default", "process") if (figures := caches[name].get(KEY)) is not None]
    return max(found, key=lambda figures: figures.taken_at, default=None)


def keep(figures: OrderFigures) -> None:
    for name in ("default", "process"):
        caches[name].set(KEY, figures, timeout=KEPT_SECONDS)


def refresh() -> None:
    """Counts again on a thread, unless this process is at it already."""
    if _counting.acquire(blocking=False):
        threading.Thread(target=count_and_keep, name="order-figures", daemon=True).start()


def count_and_keep() -> None:
    """Called with `_counting` held; what goes wrong is logged, and the next page tries again."""
    try:
        with longer_reading(FIGURES):
            figures = take_figures()
        keep(figures)
    except Exception:
        logger.exception("The order figures could not be counted")
    finally:
        _counting.release()
        connections.close_all()
