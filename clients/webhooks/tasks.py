"""Who delivers: Celery's workers, or threads of this process where there is no broker.

A delivery's next attempt is written in its row. A short wait is a task with a countdown. A longer one is left to
`sweep`: Redis would give out a task that waits longer than its visibility timeout again and again. `sweep` also
finds what the broker has lost.
"""

from collections.abc import Iterable
from typing import Any

from celery import shared_task
from django.conf import settings

from clients.webhooks.background import in_background
from clients.webhooks.deliver import attempt, forget_old, take_overdue

# Well below the visibility timeout.
LONGEST_COUNTDOWN = 60
# Past all of httpx's own time-outs, which start again with each byte that drips in.
LONGEST_ATTEMPT = 30


@shared_task(bind=True, max_retries=None, soft_time_limit=LONGEST_ATTEMPT)
def deliver(self: Any, delivery_id: int) -> None:
    """One attempt; a failed one is retried with back-off."""
    delay = attempt(delivery_id)
    if delay is not None and delay <= LONGEST_COUNTDOWN:
        raise self.retry(countdown=delay)


@shared_task
def sweep() -> None:
    """Every minute (beat): hands over what is overdue."""
    for delivery_id in take_overdue():
        deliver.delay(delivery_id)


@shared_task
def forget() -> None:
    """Every night (beat): the log does not grow for ever."""
    forget_old()


def queue_deliveries(delivery_ids: Iterable[int]) -> None:
    """Starts these deliveries without holding up the caller: a broker that is down takes seconds to say so."""
    in_background(start, list(delivery_ids))


def start(delivery_ids: Iterable[int]) -> None:
    """Gives each to a worker; without a broker it is delivered here, and what is overdue with it."""
    if not settings.CELERY_TASK_ALWAYS_EAGER:
        for delivery_id in delivery_ids:
            deliver.delay(delivery_id)
        return
    for delivery_id in [*delivery_ids, *take_overdue()]:
        deliver_here(delivery_id)


def deliver_here(delivery_id: int) -> None:
    """The same on a thread of this process. Celery's own eager mode would retry at once, without waiting."""
    delay = attempt(delivery_id)
    if delay is not None and delay <= LONGEST_COUNTDOWN:
        in_background(deliver_here, delivery_id, delay=delay)
