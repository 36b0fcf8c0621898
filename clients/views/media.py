"""Milestone 6: uploaded avatars, as files."""

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.http import require_safe
from django.views.static import serve

# A stored avatar is never changed: another picture gets another name.
FOR_A_YEAR = "private, max-age=31536000, immutable"


@require_safe
def avatar(request: HttpRequest, name: str) -> HttpResponseBase:
    """One file from MEDIA_ROOT/avatars/, and from nowhere else: the reports that lie beside it are for staff only.

    For the demo and for development; in production the proxy hands these files out before Django is asked.
    """
    response = serve(request, f"avatars/{name}", document_root=str(settings.MEDIA_ROOT))
    response["Cache-Control"] = FOR_A_YEAR
    return response
