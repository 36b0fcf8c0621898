"""Milestone 15: everybody reads, staff write."""

from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponseBase
from rest_framework.exceptions import MethodNotAllowed
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from clients.accounts.access import type_of_view
from stages.features import is_active


class ReadAllWriteStaff(BasePermission):
    """Reading is for everyone (logged-in only with API_PUBLIC_READ=0), writing for staff: 401 or 403 for the others.

    While the milestone is off the API only reads, no matter who asks: 405.
    """

    message = "Only staff may change anything here."

    def has_permission(self, request: Request, view: Any) -> bool:
        if is_active("api-permissions", request):
            return self.is_allowed(request)
        if request.method not in SAFE_METHODS:
            raise MethodNotAllowed(str(request.method))
        return may_read(request)

    def is_allowed(self, request: Request) -> bool:
        """Whether this user may do this: read, or as staff write."""
        if request.method in SAFE_METHODS:
            return may_read(request)
        return bool(request.user.is_staff)


def may_read(request: Request) -> bool:
    return settings.API_PUBLIC_READ or request.user.is_authenticated


def readers_only(view: type_of_view) -> type_of_view:
    """For the API's one page: a guest who may not read the API is sent to the login, not told 401."""
    guarded = login_required(view)

    @wraps(view)
    def choose(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return (view if settings.API_PUBLIC_READ else guarded)(request, *args, **kwargs)

    return choose
