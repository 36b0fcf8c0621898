"""The same list, graded by Celery's workers, so that several machines share it.

An app and a queue of its own: the CRM's workers never run other people's code. A worker that dies loses its claim,
Redis gives its task to another after a while, and what is done is not done again.
"""

import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from celery import Celery
from celery.states import SUCCESS
from django.conf import settings
from redis import Redis
from redis.exceptions import RedisError

from grading.grade import could_not, graded_source
from grading.group import Entry, Group

QUEUE = "grading"
# Seconds: a claim that was not renewed for so long was a dead worker's; Redis gives a task out again after twice that.
LEASE = 30
LOOKING = 0.5
NOBODY = "No worker answers. Start one, here or on another machine: python manage.py stages grade --worker"

# All its keys in Redis begin with that: the CRM's own workers have another idea of when a task was forgotten.
PREFIX = {"global_keyprefix": f"{QUEUE}:"}
app = Celery(QUEUE, broker=settings.REDIS_URL, backend=settings.REDIS_URL, set_as_current=False)
app.conf.update(
    task_default_queue=QUEUE,
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    worker_prefetch_multiplier=1,
    result_expires=24 * 60 * 60,
    result_backend_transport_options=PREFIX,
    broker_transport_options={
        **PREFIX,
        "visibility_timeout": 2 * LEASE,
        "unacked_restore_throttle": 1,
        "unacked_mutex_expire": LEASE,  # of a worker that dies while it gives tasks back; five minutes by default
    },
    broker_connection_retry_on_startup=True,
)


@app.task(bind=True, name="grading.grade", max_retries=None)
def grade(self: Any, source: str, python: str | None) -> str:
    """The results as the text of their file. What another worker is at is looked at again later."""
    with claimed(self.request.id) as ours:
        if not ours:
            raise self.retry(countdown=LEASE)
        before = app.AsyncResult(self.request.id)
        if before.successful():
            return str(before.result)
        results = graded_source(source, Path(python) if python else None).as_text()
        # Known before the claim ends: whoever has the next one sees it.
        self.update_state(state=SUCCESS, meta=results)
        return results


def redis() -> Redis:
    return Redis.from_url(str(settings.REDIS_URL))


def claim(name: str) -> str:
    """The key of the lock that says who is at it."""
    return f"{QUEUE}:claim:{name}"


@contextmanager
def claimed(name: str) -> Iterator[bool]:
    """Whether it is ours while the block runs: a lock in Redis that runs out with the worker that renews it."""
    lock = redis().lock(claim(name), timeout=LEASE, thread_local=False)
    if not lock.acquire(blocking=False):
        yield False
        return
    end = threading.Event()

    def renew() -> None:
        while not end.wait(LEASE / 3):
            with suppress(RedisError):  # away for a moment: the next time, or somebody else grades it as well
                lock.reacquire()

    renewing = threading.Thread(target=renew, daemon=True)
    renewing.start()
    try:
        yield True
    finally:
        end.set()
        renewing.join()
        with suppress(RedisError):
            lock.release()


def run_on_workers(
    group: Group, python: Path | None, say: Callable[[str], object]
) -> Iterator[tuple[Entry, str]]:
    """Hands out what waits; each as it is done. Whoever starts the list again finds what was done meanwhile."""
    asked = {
        entry: grade.s(entry.source, python and str(python)).set(task_id=f"{group.run}:{entry.name}")
        for entry in group.waiting
    }
    results = {entry: task.apply_async() for entry, task in asked.items()}
    if asked and not app.control.ping(timeout=1):
        say(NOBODY)
    looked = time.monotonic()
    while results:
        done = [entry for entry, result in results.items() if result.ready()]
        for entry in done:
            yield entry, group.keep(entry, results_of(entry, results.pop(entry)))
        if not done:
            time.sleep(LOOKING)
        if time.monotonic() - looked > 2 * LEASE:
            hand_out_lost([asked[entry] for entry in results])
            looked = time.monotonic()


def hand_out_lost(tasks: list[Any]) -> None:
    """Once more what neither waits nor is under way: lost where a worker was killed while it took it from Redis."""
    server = redis()
    if server.llen(f"{QUEUE}:{QUEUE}"):  # the queue itself, below the prefix
        return
    for task in tasks:
        if not server.exists(claim(task.options["task_id"])):
            task.apply_async()


def results_of(entry: Entry, result: Any) -> str:
    if result.successful():
        return str(result.result)
    why = f"The worker stumbled: {type(result.result).__name__}: {result.result}"[:300]
    return could_not(entry.name, why).as_text()


def work(jobs: int) -> None:
    """Takes projects from the queue until it is stopped."""
    name = f"{QUEUE}-{os.getpid()}@%h"  # two on one machine are two
    options = ("--concurrency", str(jobs), "--hostname", name, "--loglevel", "WARNING", "--without-gossip")
    app.worker_main(["worker", "--queues", QUEUE, *options])
