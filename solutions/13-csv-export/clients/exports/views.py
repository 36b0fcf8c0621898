"""A plain solution of milestone 13, CSV export."""

from django.http import HttpRequest, StreamingHttpResponse
from django.views.decorators.http import require_safe

from clients.accounts.access import crm_login_required
from clients.crud.listing import listed_clients
from clients.exports.stream import csv_response
from clients.site.downloads import limited_downloads
from stages.web import milestone_required


@milestone_required("csv-export")
@crm_login_required
@require_safe
@limited_downloads
def client_export(request: HttpRequest) -> StreamingHttpResponse:
    """Every client that the list would show for the same `q` and `active`, newest first."""
    return csv_response(listed_clients(request), request)
