"""From the rows to the answer: one file, streamed, that never looks whole when it is not."""

import logging
from collections.abc import AsyncIterator, Generator
from contextlib import closing

from asgiref.sync import sync_to_async
from django.core.handlers.asgi import ASGIRequest
from django.db import connections
from django.http import HttpRequest, StreamingHttpResponse
from django.utils import timezone

from clients.exports.cells import HEADER, INCOMPLETE
from clients.exports.copy import copy_rows
from clients.exports.rows import csv_rows
from clients.querysets import ClientQuerySet

logger = logging.getLogger(__name__)


def export_lines(clients: ClientQuerySet) -> Generator[bytes]:
    """The whole file in chunks of whole lines.

    Where the transport has no way to say that an answer was cut short, its last line does; then the error goes on.
    """
    write = copy_rows if connections[clients.db].vendor == "postgresql" else csv_rows
    yield HEADER
    with closing(write(clients)) as lines:
        try:
            yield from lines
        except Exception:
            logger.exception("The CSV export stopped midway.")
            yield INCOMPLETE
            raise


def empty() -> Generator[bytes]:
    yield from ()


async def in_turns(chunks: Generator[bytes]) -> AsyncIterator[bytes]:
    """The same chunks under ASGI, where a plain iterator would be read into memory before the first byte is sent.

    Each is made in the request's own thread, to which its database connection belongs.
    """
    following = sync_to_async(lambda: next(chunks, b""))
    try:
        while chunk := await following():
            yield chunk
    finally:
        await sync_to_async(chunks.close)()


def csv_response(clients: ClientQuerySet, request: HttpRequest) -> StreamingHttpResponse:
    # A HEAD wants the headers alone; the query behind them is not asked.
    chunks = empty() if request.method == "HEAD" else export_lines(clients)
    body = in_turns(chunks) if isinstance(request, ASGIRequest) else chunks
    name = f"clients-{timezone.localdate():%Y-%m-%d}.csv"
    return StreamingHttpResponse(
        body,
        content_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "private, no-store",
            # nginx would otherwise collect the file before passing it on
            "X-Accel-Buffering": "no",
        },
    )
