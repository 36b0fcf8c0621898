"""Milestone 19: an order appears on every open list, once it is committed, and never twice.

The whole ASGI application is asked, without a server; two processes on Redis have their turn in tests/services, a real
browser in tests/browser. Who may listen, what was missed and a layer that is down have files of their own.
"""

import asyncio
import threading
from decimal import Decimal
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.db import transaction
from model_bakery import baker

from clients.live import events
from clients.models import Client, Order
from tests.advanced.sockets import (
    add_on_page,
    asynchronous,
    commits,
    frames_of,
    listening,
)
from tests.fixtures import page
from tests.sentences import listed

pytest_plugins = ["tests.advanced.live_fixtures"]


pytestmark = pytest.mark.django_db


# --- The push ---------------------------------------------------------------------------------------------------------
def assert_told_of(frames: list[dict[str, Any]], title: str, *, who: str) -> None:
    """This order alone, as a new one."""
    told = [f"{frame.get('type')} {frame.get('order', {}).get('title')}" for frame in frames]
    assert told == [f"order.created {title}"], (
        f"{who} was told of {listed(told, 'nothing')}; “order.created” with the order {title} was expected."
    )


@pytest.mark.required
@pytest.mark.contrast
@commits
@asynchronous
async def test_two_browsers_are_told_of_an_order_added_on_a_page(learner_client, manager_client, client_row):
    async with listening(learner_client) as first, listening(manager_client) as second:
        order = await add_on_page(learner_client, client_row, title="Desk")
        for who, socket in (("The browser that added it", first), ("Another browser", second)):
            (frame,) = await frames_of(socket, 1)
            assert_told_of([frame], "Desk", who=who)
            assert (frame["id"], frame["client"]["id"]) == (order, client_row.pk), (
                f"{who} was told of order {frame['id']} of client {frame['client']['id']}; {order} and {client_row.pk} "
                "were expected."
            )


@pytest.mark.beyond("comfort")
@pytest.mark.contrast
@commits
@asynchronous
async def test_a_frame_has_the_order_and_the_clients_new_figures(learner_client, client_row):
    await sync_to_async(baker.make)(Order, client=client_row, amount=Decimal("7.50"))
    async with listening(learner_client) as socket:
        order = await add_on_page(learner_client, client_row, title="Desk", amount="100")
        assert await frames_of(socket, 1) == [
            {
                "type": "order.created",
                "id": order,
                "order": {"id": order, "title": "Desk", "amount": "100.00", "status": "NEW"},
                "client": {
                    "id": client_row.pk,
                    "name": "Anna Ek",
                    "orders_count": 2,
                    "orders_total": "107.50",
                },
            }
        ]


@pytest.mark.required
@pytest.mark.contrast
@commits
@asynchronous
async def test_an_order_that_is_rolled_back_is_never_told_of(learner_client, client_row):
    def rolled_back() -> None:
        with transaction.atomic():
            baker.make(Order, client=client_row, title="Never was")
            transaction.set_rollback(True)

    async with listening(learner_client) as socket:
        await sync_to_async(rolled_back)()
        await add_on_page(learner_client, client_row, title="Is")
        assert_told_of(await frames_of(socket, 1), "Is", who="After a roll-back and a commit the page")


@pytest.mark.required
@pytest.mark.contrast
@commits
@asynchronous
async def test_nobody_is_told_before_the_commit(learner_client, client_row):
    made, may_commit = threading.Event(), threading.Event()

    def slowly() -> None:
        with transaction.atomic():
            baker.make(Order, client=client_row, title="Slow")
            made.set()
            may_commit.wait(5)

    async with listening(learner_client) as socket:
        committing = asyncio.ensure_future(sync_to_async(slowly)())
        await asyncio.to_thread(made.wait, 5)
        told_early = not await socket.receive_nothing(timeout=0.2)
        may_commit.set()
        await committing
        assert not told_early, "The page was told of an order that was saved, but not committed yet."
        assert_told_of(await frames_of(socket, 1), "Slow", who="After the commit the page")


@pytest.mark.required
@pytest.mark.contrast
@commits
@asynchronous
async def test_an_edited_order_is_no_new_order(learner_client, client_row):
    order = await sync_to_async(baker.make)(Order, client=client_row, title="Old", status="NEW")

    def edit() -> None:
        order.status = "DONE"
        order.save()

    async with listening(learner_client) as socket:
        await sync_to_async(edit)()
        await add_on_page(learner_client, client_row, title="New")
        assert_told_of(
            await frames_of(socket, 1), "New", who="After one order was edited and one added the page"
        )


@pytest.mark.beyond("comfort")
@pytest.mark.contrast
@commits
@asynchronous
async def test_an_order_of_the_admin_inline_is_told_of(admin_client, client_row):
    form = {
        "name": client_row.name,
        "email": client_row.email,
        "phone": "",
        "orders-TOTAL_FORMS": "1",
        "orders-INITIAL_FORMS": "0",
        "orders-0-title": "Lamp",
        "orders-0-amount": "5",
        "orders-0-status": "NEW",
    }
    async with listening(admin_client) as socket:
        answer = await sync_to_async(admin_client.post)(
            f"/admin/clients/client/{client_row.pk}/change/", form
        )
        assert answer.status_code == 302
        assert [frame["order"]["title"] for frame in await frames_of(socket, 1)] == ["Lamp"]


@pytest.mark.beyond("comfort")
@pytest.mark.contrast
@commits
@asynchronous
async def test_an_order_of_the_api_is_told_of(manager_client, client_row, milestones):
    await sync_to_async(milestones.on)("api-permissions")
    async with listening(manager_client) as socket:
        answer = await sync_to_async(manager_client.post)(
            "/api/orders/",
            {"client": client_row.pk, "title": "Rug", "amount": "30"},
            content_type="application/json",
        )
        assert answer.status_code == 201
        assert [frame["order"]["title"] for frame in await frames_of(socket, 1)] == ["Rug"]


@pytest.mark.beyond("scale")
@pytest.mark.contrast
@commits
@asynchronous
async def test_a_bulk_creation_is_told_of_in_one_frame(learner_client, client_row):
    def many() -> list[int]:
        orders = baker.prepare(Order, client=client_row, amount=Decimal(2), _quantity=3)
        return [order.pk for order in Order.objects.bulk_create(orders)]

    async with listening(learner_client) as socket:
        ids = await sync_to_async(many)()
        assert await frames_of(socket, 1) == [
            {
                "type": "orders.created",
                "id": ids[-1],
                "count": 3,
                "ids": ids,
                "clients": [
                    {"id": client_row.pk, "name": "Anna Ek", "orders_count": 3, "orders_total": "6.00"}
                ],
            }
        ]


@pytest.mark.beyond("scale")
def test_a_bulk_creation_of_one_order_is_an_order_like_any_other(client_row):
    order = Order.objects.bulk_create([baker.prepare(Order, client=client_row)])[0]
    (frame,) = events.new_order_frames([order.pk], bulk=True)
    assert (frame["type"], frame["id"]) == ("order.created", order.pk)


@pytest.mark.beyond("scale")
def test_many_orders_of_one_transaction_are_told_of_in_one_frame(client_row):
    ids = [order.pk for order in baker.make(Order, client=client_row, _quantity=events.SINGLY + 1)]
    (frame,) = events.new_order_frames(ids)
    assert (frame["type"], frame["id"], frame["count"]) == ("orders.created", ids[-1], 51)
    assert len(events.new_order_frames(ids[1:])) == 50


@pytest.mark.beyond("scale")
def test_a_very_large_bulk_creation_names_only_its_newest_orders_and_no_clients(client_row, monkeypatch):
    monkeypatch.setattr(events, "REPLAY_LIMIT", 3)
    frame = events.summary_frame([1, 2, 3, 4])
    assert frame == {"type": "orders.created", "id": 4, "count": 4, "ids": [2, 3, 4], "clients": []}
    largest = [order.pk for order in baker.make(Order, client=client_row, _quantity=3)]
    assert [client["id"] for client in events.summary_frame(largest)["clients"]] == [client_row.pk]


@pytest.mark.beyond("scale")
def test_the_figures_of_all_clients_take_one_query(milestones, django_assert_num_queries):
    orders = [baker.make(Order, client=baker.make(Client), amount=1) for _ in range(20)]
    with django_assert_num_queries(2):
        frames = events.new_order_frames([order.pk for order in orders])
    assert [frame["id"] for frame in frames] == [order.pk for order in orders]
    assert {frame["client"]["orders_count"] for frame in frames} == {1}


@pytest.mark.beyond("comfort")
def test_an_order_that_is_gone_again_is_not_told_of(client_row):
    order = baker.make(Order, client=client_row)
    gone = order.pk
    order.delete()
    assert events.new_order_frames([gone, None]) == []


@pytest.mark.beyond("comfort")
@pytest.mark.contrast
def test_the_list_says_where_the_socket_continues(learner_client, client_row):
    order = baker.make(Order, client=client_row)
    place = page(learner_client.get("/clients/")).select_one("#live-orders")
    assert place is not None, "the list does not say where its socket is"
    assert (place["data-live-url"], place["data-live-after"]) == ("/ws/orders/", str(order.pk))


@pytest.mark.beyond("comfort")
def test_the_list_of_an_empty_office_starts_from_zero(learner_client):
    assert page(learner_client.get("/clients/")).select_one("#live-orders")["data-live-after"] == "0"
