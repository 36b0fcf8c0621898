"""Milestone 15: everybody reads, staff write."""

from typing import Any

from django.conf import settings
from rest_framework.exceptions import MethodNotAllowed
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from stages.features import is_active


class ReadAllWriteStaff(BasePermission):
    """Reading is for everyone (logged-in only with API_PUBLIC_READ=0), writing for staff: 401 or 403 for the others.

    While the milestone is off the API only reads, whoever asks: 405.
    """

    message = "Only staff may change anything here."

    def has_permission(self, request: Request, view: Any) -> bool:
        if request.method in SAFE_METHODS:
            return settings.API_PUBLIC_READ or request.user.is_authenticated
        if not is_active("api-permissions", request):
            raise MethodNotAllowed(str(request.method))
        return bool(request.user.is_staff)
