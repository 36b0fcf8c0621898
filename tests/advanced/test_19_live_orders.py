"""Milestone 19: an order appears on every open list, once it is committed, and never twice.

The whole ASGI application is asked, without a server; two processes on Redis have their turn in tests/services, a real
browser in tests/browser.
"""

import asyncio
import threading
import time
from decimal import Decimal

import pytest
from asgiref.sync import sync_to_async
from django.db import DatabaseError, transaction
from model_bakery import baker
from waffle import get_waffle_flag_model

from clients.live import catchup, consumers, events, push
from clients.live.seen import REMEMBERED, Seen
from clients.models import Client, Order
from tests.advanced.sockets import assert_handshake_refused, asynchronous, frames_of, listening, socket_of
from tests.fixtures import page

pytestmark = pytest.mark.django_db
# For tests whose orders really have to be committed. It is slower, so only for those.
commits = pytest.mark.django_db(transaction=True)


@pytest.fixture
def client_row(milestones) -> Client:
    return baker.make(Client, name="Anna Ek", email="anna@mail.com")


@pytest.fixture
def unannounced(settings):
    """Orders are made without telling anybody, as by a process whose channel layer is down."""

    def make(client: Client, **fields) -> Order:
        settings.CHANGE_LISTENERS, listeners = [], settings.CHANGE_LISTENERS
        try:
            return baker.make(Order, client=client, **fields)
        finally:
            settings.CHANGE_LISTENERS = listeners

    return make


@sync_to_async
def add_on_page(browser, client: Client, **fields: str) -> int:
    answer = browser.post(
        f"/clients/{client.pk}/", {"title": "Chair", "amount": "12.50", "status": "NEW", **fields}
    )
    assert answer.status_code == 302
    return Order.objects.latest("pk").pk


# --- The push ---------------------------------------------------------------------------------------------------------
@pytest.mark.required
@pytest.mark.contrast
@commits
@asynchronous
async def test_two_browsers_are_told_of_an_order_added_on_a_page(learner_client, manager_client, client_row):
    await sync_to_async(baker.make)(Order, client=client_row, amount=Decimal("7.50"))
    async with listening(learner_client) as first, listening(manager_client) as second:
        order = await add_on_page(learner_client, client_row, title="Desk", amount="100")
        expected = {
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
        assert await frames_of(first, 1) == [expected]
        assert await frames_of(second, 1) == [expected]


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
        assert [frame["order"]["title"] for frame in await frames_of(socket, 1)] == ["Is"]


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
        assert not told_early, "told of an order that is not committed yet"
        assert [frame["order"]["title"] for frame in await frames_of(socket, 1)] == ["Slow"]


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


def test_a_bulk_creation_of_one_order_is_an_order_like_any_other(client_row):
    order = Order.objects.bulk_create([baker.prepare(Order, client=client_row)])[0]
    (frame,) = events.new_order_frames([order.pk], bulk=True)
    assert (frame["type"], frame["id"]) == ("order.created", order.pk)


def test_many_orders_of_one_transaction_are_told_of_in_one_frame(client_row):
    ids = [order.pk for order in baker.make(Order, client=client_row, _quantity=events.SINGLY + 1)]
    (frame,) = events.new_order_frames(ids)
    assert (frame["type"], frame["id"], frame["count"]) == ("orders.created", ids[-1], 51)
    assert len(events.new_order_frames(ids[1:])) == 50


def test_a_very_large_bulk_creation_names_only_its_newest_orders_and_no_clients(client_row, monkeypatch):
    monkeypatch.setattr(events, "REPLAY_LIMIT", 3)
    frame = events.summary_frame([1, 2, 3, 4])
    assert frame == {"type": "orders.created", "id": 4, "count": 4, "ids": [2, 3, 4], "clients": []}


def test_the_figures_of_all_clients_take_one_query(milestones, django_assert_num_queries):
    orders = [baker.make(Order, client=baker.make(Client), amount=1) for _ in range(20)]
    with django_assert_num_queries(2):
        frames = events.new_order_frames([order.pk for order in orders])
    assert [frame["id"] for frame in frames] == [order.pk for order in orders]
    assert {frame["client"]["orders_count"] for frame in frames} == {1}


def test_an_order_that_is_gone_again_is_not_told_of(client_row):
    order = baker.make(Order, client=client_row)
    gone = order.pk
    order.delete()
    assert events.new_order_frames([gone, None]) == []


@commits
@asynchronous
async def test_an_edited_order_is_no_new_order(learner_client, client_row):
    def edit() -> None:
        order = baker.make(Order, client=client_row, status="NEW")
        order.status = "DONE"
        order.save()

    async with listening(learner_client) as socket:
        await sync_to_async(edit)()
        assert [frame["type"] for frame in await frames_of(socket, 1)] == ["order.created"]


# --- Who may listen ---------------------------------------------------------------------------------------------------
@pytest.mark.required
@pytest.mark.contrast
@asynchronous
async def test_only_who_is_logged_in_may_listen(guest, learner_client):
    async with listening(learner_client):
        pass
    await assert_handshake_refused(socket_of(guest))


@pytest.mark.required
@pytest.mark.contrast
@asynchronous
async def test_another_sites_page_may_not_listen(learner_client):
    async with listening(learner_client):
        pass
    await assert_handshake_refused(socket_of(learner_client, origin="http://evil.example"))


@pytest.mark.parametrize(
    "origin",
    [
        None,
        "",
        "null",
        "http://testserver:8080",
        "http://testserver.evil.example",
        "ftp://testserver",
        "http://[",
        "http://evil.example/testserver",
    ],
)
@asynchronous
async def test_an_origin_that_is_not_this_very_page_is_refused(learner_client, origin):
    await assert_handshake_refused(socket_of(learner_client, origin=origin))


@asynchronous
async def test_a_trusted_origin_may_listen(learner_client, settings):
    settings.CSRF_TRUSTED_ORIGINS = ["https://office.example"]
    socket = socket_of(learner_client, origin="https://office.example")
    assert (await socket.connect())[0]
    await socket.disconnect()


@asynchronous
async def test_a_wildcard_in_allowed_hosts_does_not_let_other_sites_in(learner_client, settings):
    settings.ALLOWED_HOSTS = ["*"]
    await assert_handshake_refused(socket_of(learner_client, origin="http://evil.example"))


@asynchronous
async def test_a_host_that_is_not_ours_is_refused_even_when_the_origin_agrees(learner_client):
    socket = socket_of(learner_client, origin="http://evil.example", host="evil.example")
    await assert_handshake_refused(socket)


@asynchronous
async def test_a_locked_out_user_may_not_listen(learner, learner_client):
    learner.is_active = False
    await sync_to_async(learner.save)()
    await assert_handshake_refused(socket_of(learner_client))


@asynchronous
async def test_an_unknown_socket_address_is_refused(learner_client):
    await assert_handshake_refused(socket_of(learner_client, path="/ws/clients/"))


@commits
@asynchronous
async def test_what_a_page_says_is_ignored(learner_client, client_row):
    async with listening(learner_client) as socket:
        await socket.send_to(text_data="hello")
        await socket.send_to(bytes_data=b"\x00")
        order = await add_on_page(learner_client, client_row)
        assert [frame["id"] for frame in await frames_of(socket, 1)] == [order]


@asynchronous
async def test_a_socket_ends_after_a_while_so_that_the_login_is_asked_again(learner_client, monkeypatch):
    monkeypatch.setattr(consumers, "LIFETIME", 0.05)
    async with listening(learner_client) as socket:
        assert await socket.receive_output(timeout=3) == {"type": "websocket.close", "code": 1012}


# --- Off --------------------------------------------------------------------------------------------------------------
@asynchronous
async def test_off_refuses_the_handshake(learner_client, milestones):
    await sync_to_async(milestones.off)("live-orders")
    await assert_handshake_refused(socket_of(learner_client))


@pytest.mark.parametrize("required", ["orders", "login-required"])
@asynchronous
async def test_off_is_also_whatever_lacks_what_it_requires(learner_client, milestones, required):
    await sync_to_async(milestones.off)(required)
    await assert_handshake_refused(socket_of(learner_client))


@commits
@asynchronous
async def test_switched_off_meanwhile_nothing_is_pushed(learner_client, client_row, milestones):
    async with listening(learner_client) as socket:
        await sync_to_async(milestones.off)("live-orders")
        await add_on_page(learner_client, client_row)
        assert await socket.receive_nothing(timeout=0.2)


@commits
@asynchronous
async def test_rolled_out_to_some_people_only_the_handshake_works_and_nothing_is_pushed(
    learner_client, client_row
):
    flags = get_waffle_flag_model().objects.filter(name="live-orders")
    await sync_to_async(flags.update)(everyone=None, authenticated=True)
    async with listening(learner_client) as socket:
        await add_on_page(learner_client, client_row)
        assert await socket.receive_nothing(timeout=0.2)


@pytest.mark.contrast
def test_the_list_says_where_the_socket_continues(learner_client, client_row):
    order = baker.make(Order, client=client_row)
    place = page(learner_client.get("/clients/")).select_one("#live-orders")
    assert place is not None, "the list does not say where its socket is"
    assert (place["data-live-url"], place["data-live-after"]) == ("/ws/orders/", str(order.pk))


def test_off_the_list_has_nothing_to_do_with_sockets(learner_client, milestones):
    milestones.off("live-orders")
    found = page(learner_client.get("/clients/"))
    assert found.select("#live-orders, script[src*='live.js']") == []


def test_the_list_of_an_empty_office_starts_from_zero(learner_client):
    assert page(learner_client.get("/clients/")).select_one("#live-orders")["data-live-after"] == "0"


# --- What was missed --------------------------------------------------------------------------------------------------
@pytest.mark.required
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


@pytest.mark.required
@pytest.mark.contrast
@asynchronous
async def test_an_order_that_was_committed_after_a_later_one_is_not_missed(
    learner_client, client_row, unannounced
):
    late, seen = await sync_to_async(baker.make)(Order, client=client_row, _quantity=2)
    async with listening(learner_client, f"?after={seen.pk}") as socket:
        assert late.pk in [frame["id"] for frame in await frames_of(socket, 2)]


@commits
@asynchronous
async def test_without_after_only_what_comes_from_now_on_is_told(learner_client, client_row):
    await sync_to_async(baker.make)(Order, client=client_row, _quantity=3)
    async with listening(learner_client) as socket:
        order = await add_on_page(learner_client, client_row)
        assert [frame["id"] for frame in await frames_of(socket, 1)] == [order]


def test_orders_of_long_ago_are_not_told_again(client_row):
    old, seen, new = baker.make(Order, client=client_row, _quantity=3)
    for order, minutes in ((old, 5), (seen, 3)):
        order.created_at -= minutes * events.OVERLAP
        Order.objects.filter(pk=order.pk).update(created_at=order.created_at)
    assert events.missed_ids(seen.pk) == [seen.pk, new.pk]


def test_where_the_seen_order_is_gone_the_one_before_it_counts(client_row):
    first, seen = baker.make(Order, client=client_row, _quantity=2)
    after = seen.pk
    seen.delete()
    assert events.missed_ids(after) == [first.pk]


def test_too_many_missed_orders_are_a_reason_to_reload(client_row, monkeypatch):
    monkeypatch.setattr(events, "REPLAY_LIMIT", 2)
    ids = [order.pk for order in baker.make(Order, client=client_row, _quantity=3)]
    assert events.missed_frames(0) == [{"type": "orders.missed", "id": ids[-1]}]
    assert [frame["id"] for frame in events.missed_frames(ids[0])] == ids


@pytest.mark.parametrize("after", ["", "x", "-1", "1e3", "9" * 30, "١", "%00", "1&after=x"])
@asynchronous
async def test_an_after_that_makes_no_sense_is_a_reason_to_reload(learner_client, client_row, after):
    order = await sync_to_async(baker.make)(Order, client=client_row)
    async with listening(learner_client, f"?after={after}") as socket:
        assert await frames_of(socket, 1) == [{"type": "orders.missed", "id": order.pk}]


@asynchronous
async def test_what_is_in_the_replay_and_in_the_push_is_told_once(learner_client, client_row, monkeypatch):
    def create_and_replay(after: int) -> list[events.Frame]:
        baker.make(Order, client=client_row)
        return events.missed_frames(after)

    monkeypatch.setattr(consumers, "missed_frames", create_and_replay)
    async with listening(learner_client, "?after=0") as socket:
        (frame,) = await frames_of(socket, 1)
        assert frame["id"] == await sync_to_async(events.newest_id)()


def test_only_so_many_ids_are_remembered():
    seen = Seen()
    seen.add(range(REMEMBERED + 2))
    assert (0 in seen, 1 in seen, 2 in seen, REMEMBERED + 1 in seen) == (False, False, True, True)
    assert (seen.covers([2, 3]), seen.covers([1, 2]), seen.covers([])) == (True, False, False)


# --- What the layer did not bring -------------------------------------------------------------------------------------
@asynchronous
async def test_an_order_nobody_told_of_is_found_in_the_database(learner_client, client_row, unannounced):
    await sync_to_async(baker.make)(Order, client=client_row)
    async with listening(learner_client) as socket:
        order = await sync_to_async(unannounced)(client_row)
        await catchup.catch_up().look()
        await catchup.catch_up().look()
        assert [frame["id"] for frame in await frames_of(socket, 1)] == [order.pk]


@commits
@asynchronous
async def test_an_order_that_was_told_of_is_not_found_again(learner_client, client_row):
    async with listening(learner_client) as socket:
        await add_on_page(learner_client, client_row)
        await frames_of(socket, 1)
        await catchup.catch_up().look()
        assert await socket.receive_nothing(timeout=0.1)


@asynchronous
async def test_while_switched_off_nobody_looks_for_orders(
    learner_client, client_row, unannounced, milestones
):
    async with listening(learner_client) as socket:
        await sync_to_async(milestones.off)("live-orders")
        await sync_to_async(unannounced)(client_row)
        await catchup.catch_up().look()
        assert await socket.receive_nothing(timeout=0.1)


@asynchronous
async def test_too_many_orders_nobody_told_of_are_a_reason_to_reload(
    learner_client, client_row, unannounced, monkeypatch
):
    monkeypatch.setattr(events, "REPLAY_LIMIT", 1)
    async with listening(learner_client) as socket:
        newest = [await sync_to_async(unannounced)(client_row) for _ in range(2)][-1]
        await catchup.catch_up().look()
        await catchup.catch_up().look()
        assert await frames_of(socket, 1) == [{"type": "orders.missed", "id": newest.pk}]


@asynchronous
async def test_the_database_is_asked_again_and_again_also_after_an_error(
    learner_client, client_row, unannounced, monkeypatch, caplog
):
    def broken(after: int) -> list[int]:
        monkeypatch.setattr(catchup, "missed_ids", events.missed_ids)
        raise DatabaseError("gone for a moment")

    monkeypatch.setattr(catchup, "INTERVAL", 0.02)
    async with listening(learner_client) as socket:
        monkeypatch.setattr(catchup, "missed_ids", broken)
        order = await sync_to_async(unannounced)(client_row)
        assert [frame["id"] for frame in await frames_of(socket, 1)] == [order.pk]
    assert "Cannot look for new orders: gone for a moment" in caplog.text


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


# --- A layer that is down, and threads --------------------------------------------------------------------------------
class DownLayer:
    """A channel layer that cannot be reached, or never answers."""

    def __init__(self, wait: float) -> None:
        self.wait = wait

    async def group_send(self, group: str, message: dict) -> None:
        await asyncio.sleep(self.wait)
        raise ConnectionError("Connection refused")


@pytest.mark.parametrize("wait", [0, 60])
@commits
def test_an_order_is_created_although_the_layer_is_down(
    learner_client, client_row, monkeypatch, caplog, wait
):
    monkeypatch.setattr(push, "get_channel_layer", lambda: DownLayer(wait))
    monkeypatch.setattr(push, "PATIENCE", 0.2)
    started = time.monotonic()
    answer = learner_client.post(
        f"/clients/{client_row.pk}/", {"title": "Chair", "amount": "1", "status": "NEW"}
    )
    assert (answer.status_code, client_row.orders.count()) == (302, 1)
    assert time.monotonic() - started < 5
    assert "New orders reach the pages later" in caplog.text


@asynchronous
async def test_a_push_from_inside_a_running_loop_arrives(learner_client, client_row):
    order = await sync_to_async(baker.make)(Order, client=client_row)
    async with listening(learner_client) as socket:
        (frame,) = await sync_to_async(events.new_order_frames)([order.pk])
        push.send({"type": "order.created", "events": events.ready([frame])})
        assert await frames_of(socket, 1) == [frame]


@asynchronous
async def test_a_push_from_a_plain_thread_arrives(learner_client, client_row):
    order = await sync_to_async(baker.make)(Order, client=client_row)
    async with listening(learner_client) as socket:
        (frame,) = await sync_to_async(events.new_order_frames)([order.pk])
        message = {"type": "order.created", "events": events.ready([frame])}
        thread = threading.Thread(target=push.send, args=[message])
        thread.start()
        assert await frames_of(socket, 1) == [frame]
        await asyncio.to_thread(thread.join)


@asynchronous
async def test_sockets_that_are_too_busy_do_not_hold_up_a_push(monkeypatch, caplog):
    monkeypatch.setattr(push.Home, "loop", asyncio.get_running_loop())
    monkeypatch.setattr(push, "PATIENCE", 0.05)
    waiting = threading.Thread(target=push.send, args=[{"type": "order.created", "events": []}])
    waiting.start()
    time.sleep(0.3)  # noqa: ASYNC251 - the loop is meant to be busy
    waiting.join()
    assert "busy" in caplog.text
