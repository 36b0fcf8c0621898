"""What every template may know."""

from django.conf import settings
from django.http import HttpRequest


def demo(request: HttpRequest) -> dict[str, bool]:
    """Whether this is a public demo, which says so on every page."""
    return {"crm_demo": settings.CRM_DEMO}
