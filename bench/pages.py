"""Times pages inside one process: `python -m bench.pages ROUNDS URL…` prints seconds, queries and clients of each.

Run as a process of its own for each database, by turns, so that a busy machine slows both sides alike.
"""

import json
import re
import statistics
import sys
import threading
import time
from typing import Any
from urllib.parse import quote

import django
from django.db import connection
from django.http import HttpResponse
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

# In an address: what the e-mail address of the database's first client begins with, up to the @. Few share it.
ONE = "{one}"
EMAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]*\w")


def browser() -> Browser:
    """A browser in which a member of staff is signed in."""
    from django.contrib.auth import get_user_model

    user, _ = get_user_model().objects.get_or_create(username="bench", defaults={"is_staff": True})
    visitor = Browser()
    visitor.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return visitor


def clients_named(text: str) -> list[str]:
    """The e-mail addresses on a page, each once, in the order of their first appearance."""
    return list(dict.fromkeys(EMAIL.findall(text)))


def meant(url: str) -> str:
    from clients.models import Client

    if ONE not in url:
        return url
    name, at, _ = Client.objects.earliest("pk").email.partition("@")
    return url.replace(ONE, quote(name + at))


def assert_same(clients: dict[str, list[str]]) -> None:
    """Two pages name the same clients in the same order; `clients` has both by their addresses."""
    (ours, mine), (other, theirs) = clients.items()
    assert mine, f"{ours} names no client"
    assert mine == theirs, f"{ours} and {other} do not answer the same question: {mine}, {theirs}"


def measure(visitor: Browser, urls: list[str], rounds: int) -> dict[str, dict[str, Any]]:
    """Of each page its median time in seconds, its queries, and whom it names, by which two pages are compared.

    By turns, so that a machine that grows slower slows all of them. The first view counts the queries; its time
    is taken where no more rounds are asked for.
    """
    first = {url: first_view(visitor, url) for url in urls}
    wait_for_threads()
    taken: dict[str, list[float]] = {url: [] for url in urls}
    for _ in range(rounds):
        for url, found in taken.items():
            found.append(timed(visitor, url)[0])
    return {
        url: {**first[url], "seconds": statistics.median(taken[url] or [first[url]["seconds"]])}
        for url in urls
    }


def wait_for_threads() -> None:
    """Until what a first view began beside itself is done: the dashboard's figures take seconds of all processors."""
    for thread in threading.enumerate():
        if thread is not threading.current_thread():
            thread.join(timeout=60)


def first_view(visitor: Browser, url: str) -> dict[str, Any]:
    with CaptureQueriesContext(connection) as queries:
        seconds, response = timed(visitor, url)
    assert response.status_code == 200, url
    return {"seconds": seconds, "queries": len(queries), "clients": clients_named(response.content.decode())}


def timed(visitor: Browser, url: str) -> tuple[float, HttpResponse]:
    start = time.perf_counter()
    response = visitor.get(url)
    return time.perf_counter() - start, response


if __name__ == "__main__":
    django.setup()
    from stages.switches import turn_off

    turn_off(["list-cache"])
    visitor, rounds = browser(), int(sys.argv[1])
    asked = {meant(url): url for url in sys.argv[2:]}
    found = measure(visitor, list(asked), rounds)
    print(json.dumps({asked[url]: measured for url, measured in found.items()}))
