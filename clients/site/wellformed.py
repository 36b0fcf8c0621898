"""Requests that no page can answer get 400, the admin's and the API's pages included."""

import codecs
import logging

from django.core.exceptions import BadRequest
from django.db import DataError
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.deprecation import MiddlewareMixin
from django.views.defaults import bad_request

logger = logging.getLogger(__name__)

# What Django and the databases raise for one.
ODD_VALUE = (DataError, OverflowError, ValueError)


class WellFormedMiddleware(MiddlewareMixin):
    """Stands before everything that reads parameters."""

    def process_request(self, request: HttpRequest) -> None:
        """Raises BadRequest for anything but UTF-8.

        Python also knows encodings that are none of texts ("hex"), and some in which half a character can be written.
        """
        if request.encoding and codecs.lookup(request.encoding).name != "utf-8":
            request.encoding = "utf-8"  # for the page that says so
            raise BadRequest("Everything that is sent has to be UTF-8.")

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """In the admin a value that its column cannot hold: a word, a NUL byte, a number of 400 digits.

        Its filters and empty forms take over whatever stands in the address. The CRM's own pages look first.
        """
        if not request.path.startswith(reverse("admin:index")) or not isinstance(exception, ODD_VALUE):
            return None
        logger.warning("Refused in the admin: %s", request.path, exc_info=exception)
        return bad_request(request, exception)
