"""What becomes of a task that could not do its work: it is tried again, later and later, and given up in the end."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from celery import Task
from django.conf import settings
from django.db import DatabaseError

from clients.reports.claims import BusyError, ClaimLostError
from clients.reports.mailing import NotSentError
from clients.site.backoff import backoff

logger = logging.getLogger(__name__)


@contextmanager
def tried_again(task: Task) -> Iterator[float | None]:
    """Around a task's work: whatever asking again can mend puts the task back in the queue.

    Gives the seconds until the next try, None on the last one.
    """
    first, longest = settings.REPORT_RETRY_DELAYS
    seconds = backoff(task.request.retries, first=first, longest=longest)
    try:
        yield seconds if has_another_try(task) else None
    except (BusyError, ClaimLostError):
        again_later(task, seconds=settings.REPORT_LEASE / 2)
    except NotSentError as error:
        logger.warning("A report was not sent: %s", error)
        if not error.for_good:
            again_later(task, seconds=seconds, error=error)
    except (OSError, DatabaseError) as error:
        again_later(task, seconds=seconds, error=error)


def has_another_try(task: Task) -> bool:
    """Without a broker a retry would follow at once, while the person who pressed the button waits: there is none."""
    return not task.request.is_eager and task.request.retries < settings.REPORT_RETRIES


def again_later(task: Task, *, seconds: float, error: Exception | None = None) -> None:
    """Puts the task back in the queue, or gives up, which the log says; the reports page has the reason."""
    if has_another_try(task):
        # Once begun, a task of `sweep` has its retries like any other.
        never: Any = None
        raise task.retry(exc=error, countdown=seconds, max_retries=settings.REPORT_RETRIES, expires=never)
    logger.error("%s%r was given up: %s", task.name, tuple(task.request.args or ()), error or "still busy")
