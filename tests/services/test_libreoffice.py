"""Milestone 13, opened by a real spreadsheet: LibreOffice reads the exported file and nothing in it runs."""

import subprocess
from decimal import Decimal
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from model_bakery import baker

from clients.exports.cells import as_text
from clients.exports.stream import export_lines
from clients.models import Client, Order
from tests.hostile.texts import often

# Comma, double quote, UTF-8, from line 1, …; numbers detected, formulas evaluated: the most dangerous way there is.
EVALUATING = "CSV:44,34,76,1,,0,false,true,false,false,false,-1,true"
OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
NAMES = [
    "Ada Lovelace",
    "=1+1",
    '=HYPERLINK("http://evil.example";"click")',
    "@SUM(1+1)",
    "Анна, 株式会社",
    'He said "hi"\nand left',
    "＝1+1",
    "\u200b=1+1",
    "\ufeff＠SUM(1+1)",
]

# What a cell shows as it is; blanks are marks of their own in LibreOffice's file.
PRINTED = st.characters(categories=["L", "N", "P", "S"])


def opened(content: bytes, folder: Path) -> list[list[ElementTree.Element]]:
    """The rows of cells that LibreOffice makes of the file."""
    (folder / "clients.csv").write_bytes(content)
    command = [
        "soffice",
        f"-env:UserInstallation=file://{folder}/profile",
        "--headless",
        f"--infilter={EVALUATING}",
    ]
    command += ["--convert-to", "fods", "--outdir", str(folder), str(folder / "clients.csv")]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    rows = ElementTree.parse(folder / "clients.fods").iter(f"{TABLE}table-row")
    return [row.findall(f"{TABLE}table-cell") for row in rows]


def text(cell: ElementTree.Element) -> str:
    return "\n".join("".join(line.itertext()) for line in cell)


def has_formula(rows: list[list[ElementTree.Element]]) -> bool:
    return any(cell.get(f"{TABLE}formula") for row in rows for cell in row)


@pytest.mark.django_db(transaction=True)
def test_libreoffice_opens_the_export_and_runs_nothing_in_it(tmp_path):
    for number, name in enumerate(NAMES):
        client = baker.make(Client, name=name, email=f"c{number}@mail.com", phone="+49 30 1234")
    baker.make(Order, client=client, amount=Decimal("12.50"))
    rows = opened(b"".join(export_lines(Client.objects.newest_first())), tmp_path)
    assert [text(cell) for cell in rows[0][:7]] == [
        "Name",
        "Email",
        "Phone",
        "VIP",
        "Created",
        "Orders",
        "Total",
    ]
    shown = [text(row[0]) for row in rows[1 : len(NAMES) + 1]]
    assert [name.removeprefix("'") for name in shown] == list(reversed(NAMES))
    assert not has_formula(rows)
    assert [row[0].get(f"{OFFICE}value-type") for row in rows[1 : len(NAMES) + 1]] == ["string"] * len(NAMES)


@pytest.mark.django_db(transaction=True)
@settings(often, max_examples=3)
@given(st.lists(st.text(PRINTED, min_size=1, max_size=40), min_size=50, max_size=50))
def test_libreoffice_shows_whatever_a_client_is_called(tmp_path, names):
    Client.objects.all().delete()
    for number, name in enumerate(names):
        baker.make(Client, name=name, email=f"c{number}@mail.com", phone="")
    rows = opened(b"".join(export_lines(Client.objects.newest_first())), tmp_path)
    assert [text(row[0]) for row in rows[1 : len(names) + 1]] == [as_text(name) for name in reversed(names)]
    assert not has_formula(rows)


def test_the_same_names_without_our_protection_would_run(tmp_path):
    """That the check above can fail at all."""
    assert has_formula(opened(b'"Name"\n"=1+1"\n', tmp_path))
