"""How many downloads there may be at once, and how long one may take.

Under gunicorn a download holds one of the process's threads for as long as its visitor reads, so a few slow readers
would hold them all. A process gives less than its threads to downloads: the others go on answering pages and
`/health/`. An ASGI server holds no thread in the meantime, so there nothing is limited.
"""

import socket
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import wraps
from typing import Any

from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render

from clients.site.proxies import client_address

# Half of gunicorn's threads (deploy/gunicorn.conf.py).
IN_A_PROCESS = 4
OF_ONE_VISITOR = 2
# Seconds for a whole download, however it drips.
LONGEST = 600
RETRY_AFTER = 30


class Slots:
    """The downloads under way in this process, by visitor."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._taken: Counter[str] = Counter()

    def take(self, visitor: str) -> str:
        """Takes one, or says why there is none."""
        with self._lock:
            if self._taken[visitor] >= OF_ONE_VISITOR:
                return "You have other downloads under way. Please wait until one of them is done."
            if self._taken.total() >= IN_A_PROCESS:
                return "Many people are downloading just now. Please try again in half a minute."
            self._taken[visitor] += 1
        return ""

    def give_back(self, visitor: str) -> None:
        with self._lock:
            self._taken[visitor] -= 1


slots = Slots()


class HeldDownload:
    """The chunks of a download that holds a slot until it is closed, or cut off when it takes too long."""

    def __init__(self, chunks: Iterator[bytes], visitor: str, visitors_end: socket.socket | None) -> None:
        self._chunks, self._visitor, self._visitors_end = chunks, visitor, visitors_end
        self._open = True
        self._limit = threading.Timer(LONGEST, self._cut_off)
        self._limit.daemon = True
        self._limit.start()

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        return next(self._chunks)

    def close(self) -> None:
        """Called by Django, once or more often, also for an answer that was never begun."""
        if self._open:
            self._open = False
            self._limit.cancel()
            slots.give_back(self._visitor)

    def _cut_off(self) -> None:
        """A thread that waits for its visitor to read can be freed from outside only: by closing the connection."""
        if self._visitors_end is not None:
            with suppress(OSError):
                self._visitors_end.shutdown(socket.SHUT_RDWR)


def limited_downloads(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """For a view that answers with a file: 429 while its visitor, or everybody together, has too many under way."""

    @wraps(view)
    def download(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method != "GET" or isinstance(request, ASGIRequest):
            return view(request, *args, **kwargs)
        visitor = visitor_of(request)
        if reason := slots.take(visitor):
            return too_many(reason)
        return holding(visitor, request, lambda: view(request, *args, **kwargs))

    return download


def holding(visitor: str, request: HttpRequest, answer: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    """The answer, whose slot goes back when it is closed; at once when it is no file."""
    try:
        response = answer()
    except BaseException:
        slots.give_back(visitor)
        raise
    if not isinstance(response, StreamingHttpResponse):
        slots.give_back(visitor)
        return response
    chunks: Any = response.streaming_content
    response.streaming_content = HeldDownload(iter(chunks), visitor, request.META.get("gunicorn.socket"))
    return response


def visitor_of(request: HttpRequest) -> str:
    return f"user {request.user.pk}" if request.user.is_authenticated else f"guest {client_address(request)}"


def too_many(reason: str) -> HttpResponse:
    response = render(None, "clients/too_many_downloads.html", {"reason": reason}, status=429)
    response["Retry-After"] = RETRY_AFTER
    return response
