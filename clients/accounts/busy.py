"""The answer to the person who would have to wait too long for a login."""

from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.deprecation import MiddlewareMixin

from clients.accounts.hashers import TooManyPasswordsError

RETRY_AFTER: Final = 5


class BusyMiddleware(MiddlewareMixin):
    """503 with a page, wherever a password is worked out: both logins, and the admin's pages that set one."""

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, TooManyPasswordsError):
            return None
        # Rendered without context processors: they would ask the database, and this has to be quick.
        answer = render(None, "accounts/busy.html", status=503)
        answer["Retry-After"] = str(RETRY_AFTER)
        return answer
