"""Who may see what: the rules are written once, here."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase

from stages.features import is_active

type_of_view = Callable[Concatenate[HttpRequest, ...], HttpResponseBase]


def crm_login_required(view: type_of_view) -> type_of_view:
    """Milestone 5: guests are sent to the login page; while it is off the CRM is open."""

    @wraps(view)
    def choose(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if is_active("login-required", request):
            return for_accounts_only(view, request, *args, **kwargs)
        return view(request, *args, **kwargs)

    return choose


def for_accounts_only(
    view: type_of_view, request: HttpRequest, *args: Any, **kwargs: Any
) -> HttpResponseBase:
    """The view's answer for the person who is signed in; the way to the login page, and back again, for a guest."""
    return login_required(view)(request, *args, **kwargs)


def staff_required(view: type_of_view) -> type_of_view:
    """Guests are sent to the login page, everybody else who is not staff is refused (403)."""

    @wraps(view)
    def refuse(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_staff:
            raise PermissionDenied("This page is for staff.")
        return view(request, *args, **kwargs)

    return login_required(refuse)
