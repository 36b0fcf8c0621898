"""Milestone 19, switched off: no handshake, no push."""

import pytest
from asgiref.sync import sync_to_async
from waffle import get_waffle_flag_model

from tests.advanced.sockets import (
    add_on_page,
    assert_handshake_refused,
    asynchronous,
    commits,
    listening,
    socket_of,
)
from tests.fixtures import page

pytest_plugins = ["tests.advanced.live_fixtures"]


pytestmark = pytest.mark.django_db


# --- Off --------------------------------------------------------------------------------------------------------------
@pytest.mark.switch
@asynchronous
async def test_off_refuses_the_handshake(learner_client, milestones):
    await sync_to_async(milestones.off)("live-orders")
    await assert_handshake_refused(socket_of(learner_client))


@pytest.mark.switch
@pytest.mark.parametrize("required", ["orders", "login-required"])
@asynchronous
async def test_off_is_also_whatever_lacks_what_it_requires(learner_client, milestones, required):
    await sync_to_async(milestones.off)(required)
    await assert_handshake_refused(socket_of(learner_client))


@pytest.mark.switch
@commits
@asynchronous
async def test_switched_off_meanwhile_nothing_is_pushed(learner_client, client_row, milestones):
    async with listening(learner_client) as socket:
        await sync_to_async(milestones.off)("live-orders")
        await add_on_page(learner_client, client_row)
        assert await socket.receive_nothing(timeout=0.2)


@pytest.mark.switch
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


@pytest.mark.switch
def test_off_the_list_has_nothing_to_do_with_sockets(learner_client, milestones):
    milestones.off("live-orders")
    found = page(learner_client.get("/clients/"))
    assert found.select("#live-orders, script[src*='live.js']") == []
