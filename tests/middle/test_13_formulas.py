"""Milestone 13: a cell that a spreadsheet would run is text, whichever way the file is written."""

import csv
import io

import pytest
from django.db import connection
from model_bakery import baker

from clients.exports.cells import as_text
from clients.exports.copy import copy_rows
from clients.exports.rows import csv_rows
from clients.exports.stream import export_lines
from clients.models import Client

pytestmark = [pytest.mark.django_db, pytest.mark.beyond("hostile")]
FORMULAS = {
    "plain": "=1+1",
    "plus": "+1",
    "minus": "-1",
    "at": "@SUM(1)",
    "full-width equals": "＝1+1",
    "full-width plus": "＋1",
    "full-width minus": "－1",
    "full-width at": "＠SUM(1)",
    "byte order mark": "\ufeff=1+1",
    "zero-width space": "\u200b=1+1",
    "several of them": "\u200b\ufeff\u2060＝1+1",
    "soft hyphen": "\u00ad@SUM(1)",
    "tab": "\t=1+1",
    "tab before a word": "\tword",
    "carriage return": "\r=1+1",
    "line feed": "\n=1+1",
    "control": "\x01-1",
}
HARMLESS = {
    "word": "Ada",
    "inside": "1-2",
    "after a word": "Ada =1+1",
    "quoted": "'=1",
    "Japanese": "株式会社＝",
    "zero-width before a word": "\u200bAda",
    "letter above the range": "÷1",
    "braces": "{=1}",
    "percent": "%s=1",
}


def in_the_file(value: str, write=export_lines) -> str:
    Client.objects.all().delete()
    baker.make(Client, name=value, email="a@mail.com")
    rows = csv.reader(io.StringIO(b"".join(write(Client.objects.newest_first())).decode(), newline=""))
    return list(rows)[-1][0]


@pytest.mark.parametrize("value", FORMULAS.values(), ids=FORMULAS)
def test_a_formula_is_escaped(milestones, value):
    assert as_text(value) == in_the_file(value) == f"'{value}"


@pytest.mark.parametrize("value", HARMLESS.values(), ids=HARMLESS)
def test_everything_else_stays_as_it_is(milestones, value):
    assert as_text(value) == in_the_file(value) == value


def test_both_ways_of_writing_give_the_same_bytes(milestones):
    """Each value as it is, and behind every character below U+0300 and around the invisible ones."""
    odd = [*range(1, 0x300), *range(0x2000, 0x2070), 0xFEFF, 0xFF0A, 0xFF0B, 0xFF0C, 0xFF1D, 0xFF20]
    names = [*FORMULAS.values(), *HARMLESS.values(), *(f"{chr(code)}=1" for code in odd)]
    Client.objects.bulk_create(
        Client(name=name, email=f"{number}@mail.com", phone=name[:5]) for number, name in enumerate(names)
    )
    clients = Client.objects.newest_first()
    written = b"".join(csv_rows(clients)).splitlines()
    assert len(written) > len(names)
    if connection.vendor == "postgresql":  # the only one that has the other way too
        assert b"".join(copy_rows(clients)).splitlines() == written
