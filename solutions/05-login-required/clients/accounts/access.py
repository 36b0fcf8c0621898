"""A plain solution of milestone 5, Authentication."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponseBase


def for_accounts_only(
    view: type_of_view, request: HttpRequest, *args: Any, **kwargs: Any
) -> HttpResponseBase:
    """The view's answer for the person who is signed in; the way to the login page, and back again, for a guest."""
    return login_required(view)(request, *args, **kwargs)
