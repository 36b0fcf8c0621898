"""Milestone 19 with gaps: what a page has missed while it was away, and what the channel layer has lost."""

import asyncio
from datetime import timedelta

import pytest
from asgiref.sync import sync_to_async
from channels.layers import get_channel_layer
from django.db import DatabaseError
from model_bakery import baker

from clients.live import events
from clients.live.reliable import catchup, consumer
from clients.live.reliable import missed as missing
from clients.live.reliable.seen import REMEMBERED, SentOrders
from clients.models import Order
from tests.advanced.sockets import add_on_page, asynchronous, commits, frames_of, listening

pytest_plugins = ["tests.advanced.live_fixtures"]
pytestmark = pytest.mark.django_db


# --- What was missed --------------------------------------------------------------------------------------------------
@pytest.mark.beyond("outages")
@pytest.mark.contrast
@commits
@asynchronous
async def test_after_a_lost_connection_a_page_is_told_what_it_missed(learner_client, client_row):
    async with listening(learner_client) as socket:
        seen = await add_on_page(learner_client, client_row, title="Seen")
        await frames_of(socket, 1)
    missed = [await add_on_page(learner_client, client_row, title=title) for title in ("One", "Two")]
    async with listening(learner_client, f"?after={seen}") as socket:
        later = await add_on_page(learner_client, client_row, title="Three")
        ids = [frame["id"] for frame in await frames_of(socket, 4)]
    assert ids == [seen, *missed, later]


@pytest.mark.beyond("outages")
@pytest.mark.contrast
@asynchronous
async def test_an_order_that_was_committed_after_a_later_one_is_not_missed(
    learner_client, client_row, unannounced
):
    late, seen = await sync_to_async(baker.make)(Order, client=client_row, _quantity=2)
    async with listening(learner_client, f"?after={seen.pk}") as socket:
        assert late.pk in [frame["id"] for frame in await frames_of(socket, 2)]


@pytest.mark.beyond("outages")
@commits
@asynchronous
async def test_without_after_only_what_comes_from_now_on_is_told(learner_client, client_row):
    await sync_to_async(baker.make)(Order, client=client_row, _quantity=3)
    async with listening(learner_client) as socket:
        order = await add_on_page(learner_client, client_row)
        assert [frame["id"] for frame in await frames_of(socket, 1)] == [order]


@pytest.mark.beyond("outages")
def test_orders_of_long_ago_are_not_told_again(client_row):
    old, seen, new = baker.make(Order, client=client_row, _quantity=3)
    for order, minutes in ((old, 5), (seen, 3)):
        order.created_at -= minutes * missing.OVERLAP
        Order.objects.filter(pk=order.pk).update(created_at=order.created_at)
    assert missing.missed_ids(seen.pk) == [seen.pk, new.pk]


@pytest.mark.beyond("outages")
def test_a_server_whose_clock_is_a_little_ahead_is_heard_as_well(client_row):
    """Its order has a later time than the one that was seen, and a lower id, for it was committed later."""
    ahead, too_far, seen = baker.make(Order, client=client_row, _quantity=3)
    for order, seconds in ((ahead, 5), (too_far, 15)):
        Order.objects.filter(pk=order.pk).update(created_at=seen.created_at + timedelta(seconds=seconds))
    assert sorted(missing.missed_ids(seen.pk)) == [ahead.pk, seen.pk]


@pytest.mark.beyond("outages")
def test_of_many_orders_that_may_have_come_late_the_newest_are_told(client_row, monkeypatch):
    monkeypatch.setattr(missing, "OVERLAP_LIMIT", 2)
    *_, last, seen = baker.make(Order, client=client_row, _quantity=5)
    assert sorted(missing.missed_ids(seen.pk)) == [last.pk, seen.pk]


@pytest.mark.beyond("outages")
def test_where_the_seen_order_is_gone_the_one_before_it_counts(client_row):
    first, seen = baker.make(Order, client=client_row, _quantity=2)
    after = seen.pk
    seen.delete()
    assert missing.missed_ids(after) == [first.pk]


@pytest.mark.beyond("outages")
def test_too_many_missed_orders_are_a_reason_to_reload(client_row, monkeypatch):
    monkeypatch.setattr(missing, "REPLAY_LIMIT", 2)
    ids = [order.pk for order in baker.make(Order, client=client_row, _quantity=3)]
    assert missing.missed_frames(0) == [{"type": "orders.missed", "id": ids[-1]}]
    assert [frame["id"] for frame in missing.missed_frames(ids[0])] == ids


@pytest.mark.beyond("outages")
@pytest.mark.parametrize("after", ["", "x", "-1", "1e3", "9" * 30, "١", "%00", "1&after=x"])
@asynchronous
async def test_an_after_that_makes_no_sense_is_a_reason_to_reload(learner_client, client_row, after):
    order = await sync_to_async(baker.make)(Order, client=client_row)
    async with listening(learner_client, f"?after={after}") as socket:
        assert await frames_of(socket, 1) == [{"type": "orders.missed", "id": order.pk}]


@pytest.mark.beyond("outages")
@asynchronous
async def test_what_is_in_the_replay_and_in_the_push_is_told_once(learner_client, client_row, monkeypatch):
    def create_and_replay(after: int) -> list[events.Frame]:
        baker.make(Order, client=client_row)
        return missing.missed_frames(after)

    monkeypatch.setattr(consumer, "missed_frames", create_and_replay)
    async with listening(learner_client, "?after=0") as socket:
        (frame,) = await frames_of(socket, 1)
        assert frame["id"] == await sync_to_async(missing.newest_id)()


@pytest.mark.beyond("outages")
def test_only_so_many_ids_are_remembered():
    seen = SentOrders()
    seen.add(range(REMEMBERED + 2))
    assert (0 in seen, 1 in seen, 2 in seen, REMEMBERED + 1 in seen) == (False, False, True, True)
    assert (seen.covers([2, 3]), seen.covers([1, 2]), seen.covers([])) == (True, False, False)


# --- What the layer did not bring -------------------------------------------------------------------------------------
@pytest.mark.beyond("outages")
@asynchronous
async def test_an_order_nobody_told_of_is_found_in_the_database(learner_client, client_row, unannounced):
    await sync_to_async(baker.make)(Order, client=client_row)
    async with listening(learner_client) as socket:
        order = await sync_to_async(unannounced)(client_row)
        await catchup.catch_up().look()
        await catchup.catch_up().look()
        assert [frame["id"] for frame in await frames_of(socket, 1)] == [order.pk]


@pytest.mark.beyond("outages")
@commits
@asynchronous
async def test_an_order_that_was_told_of_is_not_found_again(learner_client, client_row):
    async with listening(learner_client) as socket:
        await add_on_page(learner_client, client_row)
        await frames_of(socket, 1)
        await catchup.catch_up().look()
        assert await socket.receive_nothing(timeout=0.1)


@pytest.mark.switch
@asynchronous
async def test_while_switched_off_nobody_looks_for_orders(
    learner_client, client_row, unannounced, milestones
):
    async with listening(learner_client) as socket:
        await sync_to_async(milestones.off)("live-orders")
        await sync_to_async(unannounced)(client_row)
        await catchup.catch_up().look()
        assert await socket.receive_nothing(timeout=0.1)


@pytest.mark.beyond("outages")
@asynchronous
async def test_too_many_orders_nobody_told_of_are_a_reason_to_reload(
    learner_client, client_row, unannounced, monkeypatch
):
    monkeypatch.setattr(missing, "REPLAY_LIMIT", 1)
    async with listening(learner_client) as socket:
        newest = [await sync_to_async(unannounced)(client_row) for _ in range(2)][-1]
        await catchup.catch_up().look()
        await catchup.catch_up().look()
        assert await frames_of(socket, 1) == [{"type": "orders.missed", "id": newest.pk}]


@pytest.mark.beyond("outages")
@asynchronous
async def test_the_database_is_asked_again_and_again_also_after_an_error(
    learner_client, client_row, unannounced, monkeypatch, caplog
):
    def broken(after: int) -> list[int]:
        monkeypatch.setattr(catchup, "missed_ids", missing.missed_ids)
        raise DatabaseError("gone for a moment")

    monkeypatch.setattr(catchup, "INTERVAL", 0.02)
    async with listening(learner_client) as socket:
        monkeypatch.setattr(catchup, "missed_ids", broken)
        order = await sync_to_async(unannounced)(client_row)
        assert [frame["id"] for frame in await frames_of(socket, 1)] == [order.pk]
    assert "Cannot look for new orders: gone for a moment" in caplog.text


@pytest.mark.beyond("outages")
@commits
@asynchronous
async def test_a_page_that_came_later_is_not_told_of_what_was_pushed_before(
    learner_client, manager_client, client_row
):
    async with listening(learner_client) as first:
        await add_on_page(learner_client, client_row)
        await frames_of(first, 1)
        async with listening(manager_client) as second:
            await catchup.catch_up().look()
            assert await second.receive_nothing(timeout=0.1)


@pytest.mark.beyond("outages")
@asynchronous
async def test_a_page_that_was_closed_is_no_longer_in_the_group(learner_client):
    async with listening(learner_client):
        assert len(get_channel_layer().groups[events.GROUP]) == 1
    assert get_channel_layer().groups.get(events.GROUP, {}) == {}


@pytest.mark.beyond("outages")
@asynchronous
async def test_one_page_that_is_closed_leaves_the_others_their_watch(
    learner_client, manager_client, client_row, unannounced, monkeypatch
):
    monkeypatch.setattr(catchup, "INTERVAL", 0.02)
    async with listening(learner_client) as socket:
        async with listening(manager_client):
            pass
        order = await sync_to_async(unannounced)(client_row)
        assert [frame["id"] for frame in await frames_of(socket, 1)] == [order.pk]


@pytest.mark.beyond("outages")
@asynchronous
async def test_while_no_page_is_open_the_database_is_not_asked(learner_client, client_row, monkeypatch):
    looks = []
    monkeypatch.setattr(catchup, "INTERVAL", 0.01)
    monkeypatch.setattr(catchup, "missed_ids", lambda after: looks.append(after) or [])
    async with listening(learner_client):
        await asyncio.sleep(0.2)
    before = len(looks)
    await asyncio.sleep(0.2)
    assert (before > 0, len(looks)) == (True, before)


@pytest.mark.beyond("outages")
def test_an_order_that_comes_late_does_not_turn_the_watch_back():
    watch = catchup.CatchUp()
    for told in (7, 5):
        watch.note([told])
    assert watch.newest == 7


@pytest.mark.beyond("outages")
@asynchronous
async def test_a_socket_that_has_just_gone_does_not_keep_the_others_waiting(
    learner_client, client_row, unannounced
):
    class Gone:
        async def tell(self, events) -> None:
            raise RuntimeError("closed")

    async with listening(learner_client) as socket:
        gone = Gone()
        await catchup.catch_up().join(gone)
        order = await sync_to_async(unannounced)(client_row)
        await catchup.catch_up().look()
        assert [frame["id"] for frame in await frames_of(socket, 1)] == [order.pk]
        assert gone not in catchup.catch_up().sockets
