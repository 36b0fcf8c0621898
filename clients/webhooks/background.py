"""Work that must not hold up a request: asking the broker, or, without one, the delivery itself."""

import logging
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.db import connections

logger = logging.getLogger(__name__)

# Made at the first call, so after a server has forked its workers.
_pool = ThreadPoolExecutor(max_workers=2, thread_name_prefix="webhooks")


def in_background(work: Callable[..., Any], *args: Any, delay: float = 0) -> None:
    """Runs it on a thread of this process, after `delay` seconds. What it raises is logged."""
    if not delay:
        _pool.submit(_contained, work, *args)
        return
    timer = threading.Timer(delay, _pool.submit, (_contained, work, *args))
    timer.daemon = True
    timer.start()


def _contained(work: Callable[..., Any], *args: Any) -> None:
    try:
        work(*args)
    except Exception:
        logger.exception("%s failed", work.__name__)
    finally:
        connections.close_all()
