"""How the checks of milestone 13 read the file."""

import csv
from io import StringIO

from django.http import StreamingHttpResponse

from tests.sentences import answer

URL = "/clients/export.csv"
HEADER = ["Name", "Email", "Phone", "VIP", "Created", "Orders", "Total"]


def body(response) -> bytes:
    assert response.status_code == 200, f"{answer(response)}; the file (200) was expected."
    assert isinstance(response, StreamingHttpResponse), (
        f"{URL} is answered by {type(response).__name__}, which holds the whole file; a StreamingHttpResponse "
        "was expected."
    )
    return b"".join(response.streaming_content)


def rows(content: bytes) -> list[list[str]]:
    return list(csv.reader(StringIO(content.decode("utf-8-sig"), newline="")))
