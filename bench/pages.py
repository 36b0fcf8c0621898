"""Times pages inside one process: `python -m bench.pages ROUNDS URL…` prints the median seconds and queries of each.

Run as a process of its own for each database, by turns, so that a busy machine slows both sides alike.
"""

import json
import statistics
import sys
import time

import django
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext


def browser() -> Browser:
    """A browser in which a member of staff is signed in."""
    from django.contrib.auth import get_user_model

    user, _ = get_user_model().objects.get_or_create(username="bench", defaults={"is_staff": True})
    visitor = Browser()
    visitor.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return visitor


def measure(visitor: Browser, url: str, rounds: int) -> dict[str, float]:
    with CaptureQueriesContext(connection) as queries:
        assert visitor.get(url).status_code == 200, url
        asked = len(queries)
    taken = []
    for _ in range(rounds):
        start = time.perf_counter()
        visitor.get(url)
        taken.append(time.perf_counter() - start)
    return {"seconds": statistics.median(taken), "queries": asked}


if __name__ == "__main__":
    django.setup()
    from stages.switches import turn_off

    turn_off(["list-cache"])
    visitor = browser()
    print(json.dumps({url: measure(visitor, url, int(sys.argv[1])) for url in sys.argv[2:]}))
