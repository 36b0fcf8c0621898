"""Milestone 13: the file is made while it is sent, whatever its size, and never looks whole when it is not."""

import asyncio
import tracemalloc
from collections.abc import AsyncIterator

import pytest
from asgiref.sync import async_to_sync
from django.test import AsyncClient, RequestFactory
from model_bakery import baker

from clients.exports import stream
from clients.exports.cells import BYTE_ORDER_MARK, INCOMPLETE
from clients.models import Client, Order
from tests.middle.exported import URL, body, rows
from tests.sentences import answer


@pytest.mark.beyond("scale")
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
        assert response.status_code == 200, f"{answer(response)}; the file (200) was expected."
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
    large = peak()
    assert large < 2 * small, (
        f"The export took {small // 1024} KiB with 1,500 clients and {large // 1024} KiB with 15,000; about the same "
        "was expected, as each row can be forgotten once it is sent."
    )


@pytest.mark.beyond("scale")
def test_a_head_makes_no_file_that_a_server_would_throw_away(milestones):
    baker.make(Client, email="ada@mail.com")
    response = stream.csv_response(Client.objects.all(), RequestFactory().head(URL))
    assert b"".join(response.streaming_content) == b""


@pytest.mark.beyond("scale")
@pytest.mark.contrast
def test_every_client_stands_in_the_file_once_however_it_was_cut(learner_client, milestones):
    Client.objects.bulk_create(
        [Client(name="N" * 100, email=f"{number}@mail.com") for number in range(1_001)]
    )
    emails = [row[1] for row in rows(body(learner_client.get(URL)))[1:]]
    assert emails == [f"{number}@mail.com" for number in range(1_000, -1, -1)]


@pytest.mark.beyond("scale")
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


@pytest.mark.beyond("outages")
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


@pytest.mark.beyond("scale")
def test_under_asgi_the_body_is_an_async_iterator(learner, milestones):
    """Without that the whole file would be read into memory before its first byte is sent."""

    baker.make(Client, name="Ada Lovelace", email="ada@mail.com")

    async def exported() -> bytes:
        browser = AsyncClient()
        await browser.aforce_login(learner, backend="django.contrib.auth.backends.ModelBackend")
        response = await browser.get(URL)
        assert response.is_async
        assert isinstance(response.streaming_content, AsyncIterator)
        return b"".join([chunk async for chunk in response])

    assert rows(async_to_sync(exported)())[1][0] == "Ada Lovelace"


@pytest.mark.beyond("scale")
def test_under_asgi_hanging_up_closes_the_export():
    closed = []

    def chunks():
        try:
            yield b"one"
            yield b"two"
        finally:
            closed.append(True)

    # Held here, so that Python itself does not close it when nobody needs it any more.
    made = chunks()

    async def hang_up() -> bytes:
        turns = stream.in_turns(made)
        first = await anext(turns)
        await turns.aclose()
        return first

    assert asyncio.run(hang_up()) == b"one"
    assert closed == [True]
