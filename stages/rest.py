"""The same question for Django REST framework. Imported only where DRF is installed."""

from rest_framework.exceptions import NotFound
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from stages.catalog import catalog
from stages.features import is_active


class MilestoneActive(BasePermission):
    """Stands first in `permission_classes`; the view names its milestone: `milestone = "read-only-api"`.

    Raises NotFound while it is off, so that nobody takes "switched off" for "forbidden".
    """

    def has_permission(self, request: Request, view: APIView) -> bool:
        slug: str = view.milestone  # type: ignore[attr-defined]  # the view's own attribute
        if not is_active(slug, request):
            milestone = catalog().get(slug)
            raise NotFound(
                f"Milestone {milestone.number}, {milestone.title}, is switched off. "
                f"A member of staff can turn it on at /stages/{slug}/, or: python manage.py stages on {slug}"
            )
        return True
