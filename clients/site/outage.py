"""When the database is away or takes too long: 503 and a page that says so, instead of an error nobody understands."""

import logging
import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.deprecation import MiddlewareMixin

logger = logging.getLogger(__name__)

RETRY_AFTER = 10
SENTENCE = "The database cannot be reached or took too long. Please try again in a moment."
# PostgreSQL's classes: connection, transaction rolled back, resources, lock not available, operator's intervention
# (statement_timeout is one). Without a code there was no answer at all.
AWAY = ("08", "40", "53", "55", "57")
# SQLite's: busy, locked, disk I/O error, cannot be opened. “No such table” is the same exception, but our mistake.
AWAY_ON_SQLITE = {5, 6, 10, 14}


class OutageMiddleware(MiddlewareMixin):
    """Answers for a view that raised because the database is away."""

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return unavailable(request, exception) if is_outage(exception) else None


def is_outage(error: BaseException | None) -> bool:
    """Whether waiting can help: the database's state is to blame and not the statement."""
    if not isinstance(error, OperationalError | InterfaceError):
        return False
    cause = error.__cause__
    if (code := getattr(cause, "sqlite_errorcode", None)) is not None:
        return code & 0xFF in AWAY_ON_SQLITE
    state = getattr(cause, "sqlstate", None)
    return state is None or state.startswith(AWAY)


def current_outage() -> Exception | None:
    """The outage that is being handled right now, if it is one."""
    error = sys.exception()
    return error if isinstance(error, Exception) and is_outage(error) else None


def unavailable(request: HttpRequest, error: Exception) -> HttpResponse:
    """503, as JSON for the API. The page needs neither database nor session."""
    logger.error("Answered 503 on %s: %s", request.path, str(error).strip())
    response: HttpResponse
    if request.path.startswith("/api/"):
        response = JsonResponse({"detail": SENTENCE}, status=503)
    else:
        response = render(None, "503.html", {"sentence": SENTENCE}, status=503)
    response["Retry-After"] = RETRY_AFTER
    return response
