"""A plain solution of milestone 15, DRF permissions & throttling."""

from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request


class ReadAllWriteStaff(BasePermission):
    def is_allowed(self, request: Request) -> bool:
        """Whether this user may do this: read, or as staff write."""
        return request.method in SAFE_METHODS or bool(request.user.is_staff)
