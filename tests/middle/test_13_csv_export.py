"""Milestone 13: all clients with their order totals as a file that a spreadsheet opens."""

import asyncio
import csv
import re
import tracemalloc
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from decimal import Decimal
from io import StringIO

import pytest
from asgiref.sync import async_to_sync
from django.http import StreamingHttpResponse
from django.test import AsyncClient
from model_bakery import baker

from clients.exports import stream
from clients.exports.cells import BYTE_ORDER_MARK, INCOMPLETE, as_text
from clients.models import Client, Order
from tests.fixtures import assert_sent_to_login, assert_switched_off, page

URL = "/clients/export.csv"
HEADER = ["Name", "Email", "Phone", "VIP", "Created", "Orders", "Total"]
MOMENT = datetime(2026, 10, 31, 23, 59, 59, 999_999, tzinfo=UTC)


@pytest.fixture
def ada(milestones) -> Client:
    ada = baker.make(Client, name="Ada Lovelace", email="ada@mail.com", phone="0171", vip=True)
    for amount in ("10.00", "20.50", "0.01"):
        baker.make(Order, client=ada, amount=Decimal(amount))
    Client.objects.update(created_at=MOMENT)
    return ada


def body(response) -> bytes:
    assert response.status_code == 200, f"expected the file, got {response.status_code}"
    assert isinstance(response, StreamingHttpResponse), "the file is not streamed"
    return b"".join(response.streaming_content)


def rows(content: bytes) -> list[list[str]]:
    return list(csv.reader(StringIO(content.decode("utf-8-sig"), newline="")))


# --- The file ---------------------------------------------------------------------------------------------------------
@pytest.mark.required
@pytest.mark.contrast
def test_the_export_has_every_client_with_order_totals(learner_client, ada):
    bob = baker.make(Client, name="Bob", email="bob@mail.com")
    Client.objects.filter(pk=bob.pk).update(created_at=datetime(2026, 11, 1, tzinfo=UTC))
    assert rows(body(learner_client.get(URL))) == [
        HEADER,
        ["Bob", "bob@mail.com", "", "no", "2026-11-01T00:00:00Z", "0", "0.00"],
        ["Ada Lovelace", "ada@mail.com", "0171", "yes", "2026-10-31T23:59:59Z", "3", "30.51"],
    ]


@pytest.mark.required
@pytest.mark.contrast
def test_the_headers_make_a_browser_save_a_csv_file(learner_client, ada):
    response = learner_client.get(URL)
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert re.fullmatch(
        r'attachment; filename="clients-\d{4}-\d\d-\d\d\.csv"', response["Content-Disposition"]
    )
    assert "private" in response["Cache-Control"]
    assert not response.has_header("Content-Length")


@pytest.mark.required
@pytest.mark.contrast
def test_the_file_is_byte_for_byte_what_both_databases_agree_on(learner_client, ada):
    assert body(learner_client.get(URL)) == (
        b"\xef\xbb\xbf"
        b'"Name","Email","Phone","VIP","Created","Orders","Total"\n'
        b'"Ada Lovelace","ada@mail.com","0171","yes","2026-10-31T23:59:59Z","3","30.51"\n'
    )


@pytest.mark.contrast
@pytest.mark.parametrize(
    "name",
    [
        'Quote " and, comma; semicolon',
        "Two\nlines",
        "Carriage\rreturn",
        "株式会社 Анна محمد",
        "👩‍🚀",
        "back\\slash \\. \\N",
        "  blanks  ",
        "100% {braces} $1",
    ],
)
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
    assert (name, phone) == (f"'{hostile}", f"'{hostile}")


@pytest.mark.parametrize("harmless", ["Ada", "'=1", " =1", "1-2", ""])
def test_what_is_no_formula_stays_as_it_is(harmless):
    assert as_text(harmless) == harmless


@pytest.mark.contrast
def test_no_clients_make_a_file_with_only_the_header(learner_client, milestones):
    assert rows(body(learner_client.get(URL))) == [HEADER]


# --- What it contains -------------------------------------------------------------------------------------------------
@pytest.mark.required
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


@pytest.mark.contrast
def test_a_filter_over_orders_multiplies_nothing(learner_client, ada, milestones):
    milestones.on("active-clients")
    assert rows(body(learner_client.get(URL, {"active": "1"})))[1][5:] == ["3", "30.51"]


@pytest.mark.contrast
@pytest.mark.parametrize("q", ["\x00", "%" * 10_000, "' OR 1=1 --", "%s", "{clients}"])
def test_a_hostile_search_finds_nobody(learner_client, ada, milestones, q):
    milestones.on("search-pagination")
    assert rows(body(learner_client.get(URL, {"q": q}))) == [HEADER]


def test_the_list_links_to_the_export_of_what_it_shows(learner_client, ada, milestones):
    milestones.on("search-pagination")
    link = page(learner_client.get("/clients/", {"q": "ada"})).select_one('a[href^="/clients/export.csv"]')
    assert link["href"] == "/clients/export.csv?q=ada"


# --- How it is made ---------------------------------------------------------------------------------------------------
@pytest.mark.contrast
def test_the_file_costs_one_query_however_many_clients(learner_client, milestones, django_assert_num_queries):
    def export(number: int) -> int:
        baker.make(Order, client=baker.make(Client, email=f"{number}@mail.com"), amount=1, _quantity=2)
        # session, user, flags, the file
        with django_assert_num_queries(4):
            return len(rows(body(learner_client.get(URL))))

    assert [export(number) for number in range(3)] == [2, 3, 4]


@pytest.mark.required
@pytest.mark.contrast
def test_memory_does_not_grow_with_the_number_of_clients(learner_client, milestones):
    def peak() -> int:
        response = learner_client.get(URL)
        assert response.status_code == 200
        tracemalloc.start()
        for _ in response.streaming_content:
            pass
        used = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return used

    def add(number: int, prefix: str) -> None:
        Client.objects.bulk_create(
            [Client(name="N" * 100, email=f"{prefix}{n}@mail.com") for n in range(number)]
        )

    add(1_500, "few")
    peak()
    small = peak()
    add(13_500, "many")
    assert peak() < 2 * small, "ten times the clients took more than twice the memory"


@pytest.mark.contrast
@pytest.mark.django_db(transaction=True)
def test_whoever_hangs_up_frees_the_cursor(learner_client, milestones):
    Client.objects.bulk_create([Client(name="N", email=f"{n}@mail.com") for n in range(5_000)])
    response = learner_client.get(URL)
    assert response.status_code == 200
    chunks = iter(response.streaming_content)
    assert next(chunks).startswith(BYTE_ORDER_MARK)
    next(chunks)
    # what a server does when the connection is gone
    response.close()
    with pytest.raises(StopIteration):
        next(chunks)
    assert Client.objects.count() == 5_000


@pytest.mark.required
def test_an_error_midway_never_ends_in_a_file_that_looks_whole(milestones, monkeypatch, caplog):
    def broken(clients):
        yield b'"first line"\n'
        raise RuntimeError("the database went away")

    for writer in ("csv_rows", "copy_rows"):
        monkeypatch.setattr(stream, writer, broken)
    sent: list[bytes] = []
    with pytest.raises(RuntimeError, match="the database went away"):
        sent.extend(stream.export_lines(Client.objects.all()))
    assert sent[-1] == INCOMPLETE
    assert "stopped midway" in caplog.text


def test_under_asgi_the_body_is_an_async_iterator(learner, ada, django_user_model):
    """Without that the whole file would be read into memory before its first byte is sent."""

    async def exported() -> bytes:
        browser = AsyncClient()
        await browser.aforce_login(learner, backend="django.contrib.auth.backends.ModelBackend")
        response = await browser.get(URL)
        assert response.is_async
        assert isinstance(response.streaming_content, AsyncIterator)
        return b"".join([chunk async for chunk in response])

    assert rows(async_to_sync(exported)())[1][0] == "Ada Lovelace"


def test_under_asgi_hanging_up_closes_the_export():
    closed = []

    def chunks():
        try:
            yield b"one"
            yield b"two"
        finally:
            closed.append(True)

    async def hang_up() -> bytes:
        turns = stream.in_turns(chunks())
        first = await anext(turns)
        await turns.aclose()
        return first

    assert asyncio.run(hang_up()) == b"one"
    assert closed == [True]


# --- Who may, and how -------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_other_methods_are_refused(learner_client, ada, method):
    assert getattr(learner_client, method)(URL).status_code == 405


@pytest.mark.contrast
def test_a_head_asks_for_the_headers_alone(learner_client, ada, django_assert_num_queries):
    with django_assert_num_queries(3):
        response = learner_client.head(URL)
        assert response["Content-Type"] == "text/csv; charset=utf-8"
        assert body(response) == b""


def test_a_guest_is_sent_to_the_login_page(guest, ada, milestones):
    milestones.on("login-required")
    assert_sent_to_login(guest.get(URL), back_to=URL)


def test_switched_off_there_is_no_file_and_no_link(learner_client, ada, milestones):
    milestones.off("csv-export")
    assert_switched_off(learner_client.get(URL), "csv-export")
    assert page(learner_client.get("/clients/")).select_one('a[href^="/clients/export.csv"]') is None
