"""Milestone 19 with a channel layer that is down, and pushes from whichever thread."""

import asyncio
import threading
import time

import pytest
from asgiref.sync import sync_to_async
from model_bakery import baker

from clients.live import events, push
from clients.live.reliable import sending
from clients.models import Order
from tests.advanced.sockets import asynchronous, commits, frames_of, listening

pytest_plugins = ["tests.advanced.live_fixtures"]
pytestmark = [pytest.mark.django_db, pytest.mark.beyond("outages")]


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
    monkeypatch.setattr(sending, "PATIENCE", 0.2)
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
        message = {"type": "order.created", "events": events.serialized([frame])}
        sending.send_from_any_thread(push.send_to_group, message)
        assert await frames_of(socket, 1) == [frame]


@asynchronous
async def test_a_push_from_a_plain_thread_arrives(learner_client, client_row):
    order = await sync_to_async(baker.make)(Order, client=client_row)
    async with listening(learner_client) as socket:
        (frame,) = await sync_to_async(events.new_order_frames)([order.pk])
        message = {"type": "order.created", "events": events.serialized([frame])}
        thread = threading.Thread(target=sending.send_from_any_thread, args=[push.send_to_group, message])
        thread.start()
        assert await frames_of(socket, 1) == [frame]
        await asyncio.to_thread(thread.join)


@asynchronous
async def test_sockets_that_are_too_busy_do_not_hold_up_a_push(monkeypatch, caplog):
    monkeypatch.setattr(sending.SocketsLoop, "loop", asyncio.get_running_loop())
    monkeypatch.setattr(sending, "PATIENCE", 0.05)
    message = {"type": "order.created", "events": []}
    waiting = threading.Thread(target=sending.send_from_any_thread, args=[push.send_to_group, message])
    waiting.start()
    time.sleep(0.3)  # noqa: ASYNC251 - the loop is meant to be busy
    waiting.join()
    assert "busy" in caplog.text
