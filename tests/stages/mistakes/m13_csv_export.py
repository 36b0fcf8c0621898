from contextlib import contextmanager
from csv import QUOTE_ALL, writer
from io import StringIO

from django.http import HttpResponse
from django.utils import timezone

from clients.exports import cells, copy, stream
from clients.exports.copy import export_statement
from clients.listing import listed_clients
from clients.models import Client
from clients.views import export
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


def with_windows_line_ends(rows):
    lines = StringIO()
    writer(lines, quoting=QUOTE_ALL).writerows(rows)
    return lines.getvalue().encode()


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
        "test_the_file_is_byte_for_byte_what_both_databases_agree_on",
        lambda: everywhere(cells.HEADER, cells.HEADER.removeprefix(cells.BYTE_ORDER_MARK)),
    ),
    Mistake(
        "windows-line-ends",
        "csv.writer's own line ends, which PostgreSQL's COPY does not write.",
        "test_the_file_is_byte_for_byte_what_both_databases_agree_on",
        lambda: everywhere(cells.csv_bytes, with_windows_line_ends),
    ),
    Mistake(
        "local-times",
        "Times stand in the file as the office's clocks show them, with the Z of UTC behind.",
        "test_times_are_in_utc_wherever_the_office_is",
        local_times,
    ),
    Mistake(
        "always-everybody",
        "The export ignores what the list was searched for.",
        "test_the_search_and_the_active_filter_of_the_list_hold_here",
        lambda: everywhere(listed_clients, lambda request: Client.objects.newest_first()),
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
