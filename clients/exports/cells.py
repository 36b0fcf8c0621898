"""The form of the file: its columns, and how a value becomes a cell.

UTF-8 with a byte order mark, so that Excel reads it as such; every field quoted; lines end in LF; times in UTC. The
same rules stand once more as SQL in copy.py, where PostgreSQL writes the file; both give the same bytes.
"""

import csv
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from decimal import Decimal
from io import StringIO

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
COLUMNS = ("Name", "Email", "Phone", "VIP", "Created", "Orders", "Total")
# A spreadsheet takes a cell that starts with one of = + - @ for a formula and runs it. LibreOffice runs = alone; others
# take the full-width forms too, or drop what nobody sees before them (controls, zero-width characters, a byte order
# mark). A space before them makes a text everywhere. Written so that Python and PostgreSQL read it alike.
FORMULA = r"^([\t\r]|[\u0001-\u001f\u00ad\u200b-\u200f\u2060-\u2064\ufeff]*[=+\-@\uff1d\uff0b\uff0d\uff20])"
# Once for all cells: a million rows ask seven million times.
RUNS_AS_FORMULA = re.compile(FORMULA).match
INCOMPLETE = b'"This file is incomplete: the export stopped because of an error. Please try again."\n'


def as_text(value: str) -> str:
    """The value with a ' before what a spreadsheet would run as a formula."""
    return f"'{value}" if RUNS_AS_FORMULA(value) else value


def as_time(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def as_flag(value: bool) -> str:
    return "yes" if value else "no"


def as_amount(value: Decimal) -> str:
    return f"{value:.2f}"


def csv_bytes(rows: Iterable[Iterable[object]]) -> bytes:
    """Lines of CSV for these rows."""
    lines = StringIO()
    csv.writer(lines, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(rows)
    return lines.getvalue().encode()


HEADER = BYTE_ORDER_MARK + csv_bytes([COLUMNS])
