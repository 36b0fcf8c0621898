"""How long both queries of each lab take on one database: `python -m bench.lab_curve` prints seconds by page."""

import json
import statistics
import time
from collections.abc import Callable

import django

from bench.plans import undone

MOST_RUNS = 5
# Begin no other run after this long: the naive ways take up to half a minute of a million clients.
SECONDS = 1


def seconds(ask: Callable[[], object]) -> float:
    """The median of as many runs as there is time for, after one that is not counted where that was quick."""
    taken = [timed(ask)]
    while len(taken) <= MOST_RUNS and sum(taken) < SECONDS:
        taken.append(timed(ask))
    return statistics.median(taken[1:] or taken)


def timed(ask: Callable[[], object]) -> float:
    start = time.perf_counter()
    undone(ask)
    return time.perf_counter() - start


if __name__ == "__main__":
    django.setup()
    from bench.lab_queries import LABS

    print(json.dumps({lab.page: [seconds(lab.naive), seconds(lab.shipped)] for lab in LABS}))
