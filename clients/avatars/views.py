"""Milestone 6: uploaded avatars, as files."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponseBase
from django.views.decorators.http import require_safe
from django.views.static import serve

# A stored avatar is never changed: another picture gets another name.
FOR_A_YEAR = "private, max-age=31536000, immutable"


@require_safe
def avatar(request: HttpRequest, name: str) -> HttpResponseBase:
    """One file from MEDIA_ROOT/avatars/, and from nowhere else: the reports that lie beside it are for staff only.

    For the demo and for development; in production the proxy hands these files out before Django is asked.
    """
    try:
        response = serve(request, f"avatars/{name}", document_root=str(settings.MEDIA_ROOT))
    except (OSError, ValueError) as error:  # a name that no file can have: too long, or with a NUL byte
        raise Http404("There is no such picture.") from error
    response["Cache-Control"] = FOR_A_YEAR
    return response
