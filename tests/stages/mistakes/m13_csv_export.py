from contextlib import contextmanager

from django.http import HttpResponse
from django.utils import timezone

from clients.exports import cells, copy, stream
from clients.exports import views as export
from clients.exports.copy import copy_rows, export_statement
from clients.exports.rows import csv_rows
from stages.checking.mistakes import Mistake
from tests.stages.mistakes.patches import everywhere


def read_whole(clients, request):
    response = HttpResponse(stream.export_lines(clients), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="clients.csv"'
    return response


def local_time(moment):
    return f"{timezone.localtime(moment):%Y-%m-%dT%H:%M:%SZ}"


def statement_in_local_time(clients):
    statement, params = export_statement(clients)
    return statement.replace("'UTC'", f"'{timezone.get_current_timezone_name()}'"), params


@contextmanager
def local_times():
    """In both of the ways that write the file."""
    with everywhere(cells.as_time, local_time), everywhere(copy.export_statement, statement_in_local_time):
        yield


@contextmanager
def kept_in_memory():
    """In both of the ways that write the file."""
    with (
        everywhere(csv_rows, lambda clients: (line for line in list(csv_rows(clients)))),
        everywhere(copy_rows, lambda clients: (line for line in list(copy_rows(clients)))),
    ):
        yield


MISTAKES = [
    Mistake(
        "read-whole",
        "`HttpResponse(generator)` reads the whole file into memory before the first byte leaves.",
        "test_the_export_has_every_client_with_order_totals",
        lambda: everywhere(stream.csv_response, read_whole),
    ),
    Mistake(
        "formulas-run",
        "A cell that begins with “=” reaches the spreadsheet as a formula.",
        "test_a_cell_that_a_spreadsheet_would_run_reaches_it_as_text",
        lambda: everywhere(cells.as_text, lambda value: value),
    ),
    Mistake(
        "no-byte-order-mark",
        "Excel takes the file for Latin-1: the mark at its beginning is missing.",
        "test_excel_reads_every_alphabet",
        lambda: everywhere(cells.HEADER, cells.HEADER.removeprefix(cells.BYTE_ORDER_MARK)),
    ),
    Mistake(
        "local-times",
        "Times stand in the file as the office's clocks show them, with the Z of UTC behind.",
        "test_times_are_in_utc_wherever_the_office_is",
        local_times,
    ),
    Mistake(
        "kept-in-memory",
        "`list()` around the rows: every client is in memory before the first line leaves.",
        "test_memory_does_not_grow_with_the_number_of_clients",
        kept_in_memory,
    ),
    Mistake(
        "no-file-name",
        "The browser shows the text instead of saving a file.",
        "test_the_headers_make_a_browser_save_a_csv_file",
        lambda: everywhere(
            export.csv_response,
            lambda clients, request: HttpResponse(b"", content_type="text/csv; charset=utf-8"),
        ),
    ),
]
