"""The socket, spoken to by a stranger: it says nothing to it, and goes on telling of orders."""

import json

import pytest
from asgiref.sync import sync_to_async
from hypothesis import given, settings
from hypothesis import strategies as st
from model_bakery import baker

from clients.models import Order
from tests.advanced.sockets import asynchronous, commits, listening
from tests.hostile.texts import hostile_text, often

frames = st.one_of(hostile_text, st.binary(max_size=200), st.sampled_from(["[" * 4000, "{}", "null"])).filter(
    len
)


@commits
def test_what_a_page_says_is_ignored(learner_client, milestones):
    @settings(often, max_examples=5)
    @given(st.lists(frames, min_size=10, max_size=20))
    @asynchronous
    async def say(said):
        async with listening(learner_client) as socket:
            for frame in said:
                kind = {"text_data": frame} if isinstance(frame, str) else {"bytes_data": frame}
                await socket.send_to(**kind)
            order = await sync_to_async(baker.make)(Order, amount=1)
            assert json.loads(await socket.receive_from(timeout=5))["id"] == order.pk

    say()


@commits
@pytest.mark.parametrize(
    "after", ["", "-1", "x", "9" * 400, "٣", "1 OR 1=1", "%00", "1&after=2", "1e3", "%F0%9F"]
)
def test_no_last_order_breaks_the_handshake(learner_client, milestones, after):
    @asynchronous
    async def shake_hands():
        async with listening(learner_client, f"?after={after}"):
            pass

    shake_hands()
