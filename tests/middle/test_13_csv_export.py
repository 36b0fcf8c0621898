"""Milestone 13: all clients with their order totals as a file that a spreadsheet opens."""

import re
from datetime import UTC, datetime
from decimal import Decimal
from itertools import zip_longest

import pytest
import time_machine
from model_bakery import baker

from clients.exports.cells import BYTE_ORDER_MARK, as_text
from clients.exports.cells import HEADER as HEADER_LINE
from clients.exports.rows import csv_rows
from clients.models import Client, Order
from tests.fixtures import assert_sent_to_login, assert_switched_off, page
from tests.middle.exported import HEADER, URL, body, rows
from tests.middle.row_order import found_differently
from tests.sentences import answer

AWKWARD = [
    'Quote " and, comma; semicolon',
    "Two\nlines",
    "Carriage\rreturn",
    "株式会社 Анна محمد",
    "👩‍🚀",
    "back\\slash \\. \\N",
    "  blanks  ",
    "100% {braces} $1",
]
MOMENT = datetime(2026, 10, 31, 23, 59, 59, 999_999, tzinfo=UTC)


@pytest.fixture
def ada(milestones) -> Client:
    ada = baker.make(Client, name="Ada Lovelace", email="ada@mail.com", phone="0171", vip=True)
    for amount in ("10.00", "20.50", "0.01"):
        baker.make(Order, client=ada, amount=Decimal(amount))
    Client.objects.update(created_at=MOMENT)
    return ada


def assert_rows(response, *expected: list[str]) -> None:
    """The file has the header and these rows, in this order."""
    found = rows(body(response))
    for number, (row, wanted) in enumerate(zip_longest(found, [HEADER, *expected]), start=1):
        assert row == wanted, (
            f"Row {number} of the file is {told(row)}; {told(wanted)} was expected, and "
            f"{len(expected)} clients in all."
        )


def told(row: list[str] | None) -> str:
    return "missing" if row is None else ",".join(row)


# --- The file ---------------------------------------------------------------------------------------------------------
@pytest.mark.required
@pytest.mark.contrast
def test_the_export_has_every_client_with_order_totals(learner_client, ada):
    bob = baker.make(Client, name="Bob", email="bob@mail.com")
    Client.objects.filter(pk=bob.pk).update(created_at=datetime(2026, 11, 1, tzinfo=UTC))
    assert_rows(
        learner_client.get(URL),
        ["Bob", "bob@mail.com", "", "no", "2026-11-01T00:00:00Z", "0", "0.00"],
        ["Ada Lovelace", "ada@mail.com", "0171", "yes", "2026-10-31T23:59:59Z", "3", "30.51"],
    )


@pytest.mark.required
@pytest.mark.contrast
def test_the_headers_make_a_browser_save_a_csv_file(learner_client, ada):
    response = learner_client.get(URL)
    assert response.status_code == 200, f"{answer(response)}; the file (200) was expected."
    kind = response["Content-Type"].lower()
    assert kind.startswith("text/csv"), f"The file says that it is {kind}; text/csv was expected."
    disposition = response.headers.get("Content-Disposition", "")
    assert re.fullmatch(r'attachment;\s*filename="?[^"]+\.csv"?', disposition), (
        f"Content-Disposition is “{disposition}”; attachment with a filename that ends in .csv was expected."
    )


@pytest.mark.beyond("comfort")
@pytest.mark.contrast
@time_machine.travel("2026-10-31 23:30:00+00:00", tick=False)
def test_the_file_is_named_after_the_offices_day_and_kept_by_nobody(learner_client, ada, settings):
    settings.TIME_ZONE = "Europe/Berlin"
    response = learner_client.get(URL)
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"] == 'attachment; filename="clients-2026-11-01.csv"'
    assert response["Cache-Control"] == "private, no-store"
    assert response["X-Accel-Buffering"] == "no", "nginx would collect the whole file before it passes it on"
    assert not response.has_header("Content-Length")


@pytest.mark.required
@pytest.mark.contrast
def test_excel_reads_every_alphabet(learner_client, milestones):
    baker.make(Client, name="Анна Müller", email="anna@mail.com")
    content = body(learner_client.get(URL))
    assert content.startswith(BYTE_ORDER_MARK), (
        f"The file begins with {content[:12]!r}; without a byte order mark in front Excel does not read it as UTF-8."
    )
    name = rows(content)[1][0]
    assert name == "Анна Müller", f"Анна Müller stands in the file as {name}."


@pytest.mark.beyond("comfort")
@pytest.mark.contrast
def test_the_file_is_byte_for_byte_what_both_databases_agree_on(learner_client, ada):
    assert body(learner_client.get(URL)) == (
        b"\xef\xbb\xbf"
        b'"Name","Email","Phone","VIP","Created","Orders","Total"\n'
        b'"Ada Lovelace","ada@mail.com","0171","yes","2026-10-31T23:59:59Z","3","30.51"\n'
    )


@pytest.mark.beyond("comfort")
@pytest.mark.contrast
@pytest.mark.parametrize("name", AWKWARD)
def test_every_name_comes_back_as_it_is_stored(learner_client, milestones, name):
    baker.make(Client, name=name, email="x@mail.com")
    assert rows(body(learner_client.get(URL)))[1][0] == name


@pytest.mark.required
@pytest.mark.contrast
@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_a_cell_that_a_spreadsheet_would_run_reaches_it_as_text(learner_client, milestones, start):
    hostile = f"{start}HYPERLINK(1)"
    baker.make(Client, name=hostile, email="x@mail.com", phone=hostile)
    name, _, phone = rows(body(learner_client.get(URL)))[1][:3]
    for cell in (name, phone):
        assert not cell.startswith(start), (
            f"The cell {cell!r} reaches the spreadsheet as it is, which runs it as a formula."
        )
        assert cell.endswith(hostile), (
            f"The client's {hostile!r} stands in the file as {cell!r}: its text is lost."
        )


@pytest.mark.beyond("comfort")
@pytest.mark.contrast
@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_such_a_cell_gets_an_apostrophe_in_each_of_the_three_columns(learner_client, milestones, start):
    Client.objects.bulk_create([Client(name=f"{start}1", email=f"{start}1@mail.com", phone=f"{start}2")])
    assert rows(body(learner_client.get(URL)))[1][:3] == [f"'{start}1", f"'{start}1@mail.com", f"'{start}2"]


@pytest.mark.beyond("hostile")
@pytest.mark.parametrize("harmless", ["Ada", "'=1", " =1", "1-2", ""])
def test_what_is_no_formula_stays_as_it_is(harmless):
    assert as_text(harmless) == harmless


@pytest.mark.beyond("comfort")
@pytest.mark.contrast
def test_no_clients_make_a_file_with_only_the_header(learner_client, milestones):
    assert_rows(learner_client.get(URL))


@pytest.mark.beyond("comfort")
@pytest.mark.contrast
def test_orders_of_the_same_amount_all_count(learner_client, milestones):
    client = baker.make(Client, name="Twin", email="twin@mail.com")
    baker.make(Order, client=client, amount=Decimal("9999999999.99"), _quantity=3)
    assert rows(body(learner_client.get(URL)))[1][5:] == ["3", "29999999999.97"]


@pytest.mark.beyond("comfort")
@pytest.mark.contrast
def test_clients_of_one_moment_stand_in_one_order_however_they_are_found(learner_client, milestones):
    made = [baker.make(Client, name=f"C{number}", email=f"c{number}@mail.com") for number in range(5)]
    Client.objects.update(created_at=MOMENT)
    for way in found_differently(Client, "phone"):
        names = [row[0] for row in rows(body(learner_client.get(URL)))[1:]]
        assert names == [client.name for client in reversed(made)], f"The file differs {way}."


@pytest.mark.beyond("comfort")
@pytest.mark.contrast
@pytest.mark.parametrize("query", [{}, {"q": "mail"}])
def test_the_database_writes_what_python_would_write(learner_client, ada, milestones, query):
    """On PostgreSQL COPY writes the file; on any other database the two are one."""
    milestones.on("search-pagination")
    for number, name in enumerate(AWKWARD):
        Client.objects.bulk_create([Client(name=name, email=f"=c{number}@mail.com", phone=name)])
    assert body(learner_client.get(URL, query)) == HEADER_LINE + b"".join(
        csv_rows(Client.objects.newest_first())
    )


# --- What it contains -------------------------------------------------------------------------------------------------
@pytest.mark.beyond("comfort")
@pytest.mark.contrast
def test_the_search_and_the_active_filter_of_the_list_hold_here(learner_client, ada, milestones):
    milestones.on("search-pagination", "active-clients")
    done = baker.make(Client, name="Adam", email="adam@mail.com")
    baker.make(Order, client=done, status="DONE", amount=1)
    baker.make(Client, name="Bob", email="bob@mail.com")

    def names(**query: str) -> list[str]:
        return [row[0] for row in rows(body(learner_client.get(URL, query)))[1:]]

    assert sorted(names(q="ADA")) == ["Ada Lovelace", "Adam"]
    assert names(active="1") == ["Ada Lovelace"]
    assert names(active="1", q="bob") == []
    assert names(q="100%") == []


@pytest.mark.beyond("comfort")
@pytest.mark.contrast
def test_a_filter_over_orders_multiplies_nothing(learner_client, ada, milestones):
    milestones.on("active-clients")
    assert rows(body(learner_client.get(URL, {"active": "1"})))[1][5:] == ["3", "30.51"]


@pytest.mark.beyond("hostile")
@pytest.mark.contrast
@pytest.mark.parametrize("q", ["\x00", "%" * 10_000, "' OR 1=1 --", "%s", "{clients}"])
def test_a_hostile_search_finds_nobody(learner_client, ada, milestones, q):
    milestones.on("search-pagination")
    assert rows(body(learner_client.get(URL, {"q": q}))) == [HEADER]


@pytest.mark.beyond("comfort")
def test_the_list_links_to_the_export_of_what_it_shows(learner_client, ada, milestones):
    milestones.on("search-pagination")
    link = page(learner_client.get("/clients/", {"q": "ada"})).select_one('a[href^="/clients/export.csv"]')
    assert link["href"] == "/clients/export.csv?q=ada"


# --- Who may, and how -------------------------------------------------------------------------------------------------
@pytest.mark.beyond("hostile")
@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_other_methods_are_refused(learner_client, ada, method):
    assert getattr(learner_client, method)(URL).status_code == 405


@pytest.mark.beyond("comfort")
@pytest.mark.contrast
def test_a_head_asks_for_the_headers_alone(learner_client, ada, django_assert_num_queries):
    with django_assert_num_queries(3):
        response = learner_client.head(URL)
        assert response["Content-Type"] == "text/csv; charset=utf-8"
        assert body(response) == b""


@pytest.mark.beyond("hostile")
def test_a_guest_is_sent_to_the_login_page(guest, ada, milestones):
    milestones.on("login-required")
    assert_sent_to_login(guest.get(URL), back_to=URL)


@pytest.mark.switch
def test_switched_off_there_is_no_file_and_no_link(learner_client, ada, milestones):
    milestones.off("csv-export")
    assert_switched_off(learner_client.get(URL), "csv-export")
    assert page(learner_client.get("/clients/")).select_one('a[href^="/clients/export.csv"]') is None
