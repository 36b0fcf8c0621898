"""Signs of life of Celery's worker and beat, which answer no request that a health check could send.

Both touch HEARTBEAT_FILE after something that has worked: the worker when its heartbeat has gone to the broker (every
two seconds), beat when it has queued a task (at least once a minute). deploy/healthcheck.py looks how old the file is.
"""

from typing import Any

from celery import signals
from django.conf import settings


@signals.worker_ready.connect
@signals.heartbeat_sent.connect
def touch(**kwargs: Any) -> None:
    """Does nothing where no HEARTBEAT_FILE is set: only containers have somebody who looks."""
    if settings.HEARTBEAT_FILE:
        settings.HEARTBEAT_FILE.touch()


@signals.beat_init.connect
def watch_beat(**kwargs: Any) -> None:
    """Only in beat: a web process that queues a task says nothing about it."""
    touch()
    signals.after_task_publish.connect(touch)
