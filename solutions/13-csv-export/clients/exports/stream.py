"""A plain solution of milestone 13, CSV export."""

from collections.abc import Generator

from django.http import HttpRequest, StreamingHttpResponse
from django.utils import timezone

from clients.exports.cells import HEADER
from clients.exports.rows import csv_rows
from clients.querysets import ClientQuerySet


def export_lines(clients: ClientQuerySet) -> Generator[bytes]:
    """The whole file in chunks of whole lines.

    Where the transport has no way to say that an answer was cut short, its last line does; then the error goes on.
    """
    yield HEADER
    yield from csv_rows(clients)


def csv_response(clients: ClientQuerySet, request: HttpRequest) -> StreamingHttpResponse:
    name = f"clients-{timezone.localdate():%Y-%m-%d}.csv"
    return StreamingHttpResponse(
        export_lines(clients),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
