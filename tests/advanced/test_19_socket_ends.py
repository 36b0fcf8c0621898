"""Milestone 19: a socket ends with the right to listen, not when its quarter of an hour is over."""

import asyncio

import pytest
from asgiref.sync import sync_to_async
from django.contrib.auth import get_user_model
from django.contrib.sessions.models import Session
from django.test import Client as Browser
from model_bakery import baker

from clients.live.reliable import door
from clients.live.reliable.consumer import POLICY_VIOLATION
from clients.models import Client, Order
from stages.switches import turn_off
from tests.advanced.sockets import asynchronous, frames_of, listening
from tests.fixtures import PASSWORD, browser_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.beyond("hostile")]


@pytest.fixture
def no_watch(monkeypatch):
    """Only what is told at once counts; the look every few seconds never comes."""
    monkeypatch.setattr(door, "INTERVAL", 3600)


async def assert_closed(socket, *, within: float = 3) -> None:
    """The next thing that the page gets is the end, not an order."""
    try:
        message = await socket.receive_output(timeout=within)
    except TimeoutError:
        raise AssertionError("the socket is still open") from None
    assert message == {"type": "websocket.close", "code": POLICY_VIOLATION}


@sync_to_async
def add_order() -> int:
    return baker.make(Order, client=baker.make(Client), title="Not for everybody").pk


@sync_to_async
def log_out(browser: Browser) -> None:
    assert browser.post("/accounts/logout/").status_code == 302


def new_password_in_the_admin(learner, admin_client) -> None:
    form = {"usable_password": "true", "password1": "another-long-one", "password2": "another-long-one"}
    answer = admin_client.post(f"/admin/auth/user/{learner.pk}/password/", form)
    assert answer.status_code == 302


def deactivated_by_hand(learner, admin_client) -> None:
    learner.is_active = False
    learner.save()


def deactivated_in_the_admin(learner, admin_client) -> None:
    form = {"username": learner.username, "date_joined_0": "2026-01-01", "date_joined_1": "12:00:00"}
    answer = admin_client.post(f"/admin/auth/user/{learner.pk}/change/", form)
    assert answer.status_code == 302
    assert not get_user_model().objects.get(pk=learner.pk).is_active


def deleted(learner, admin_client) -> None:
    learner.delete()


@asynchronous
async def test_after_a_logout_the_next_order_does_not_arrive(learner, learner_client, no_watch):
    elsewhere = await sync_to_async(browser_of)(learner)
    async with listening(learner_client) as left, listening(elsewhere) as stays:
        await log_out(learner_client)
        order = await add_order()
        await assert_closed(left)
        assert [frame["id"] for frame in await frames_of(stays, 1)] == [order]


@pytest.mark.parametrize(
    "end", [new_password_in_the_admin, deactivated_by_hand, deactivated_in_the_admin, deleted]
)
@asynchronous
async def test_whoever_loses_the_account_loses_the_socket(
    learner, learner_client, manager_client, admin_client, no_watch, end
):
    async with listening(learner_client) as left, listening(manager_client) as stays:
        await sync_to_async(end)(learner, admin_client)
        order = await add_order()
        await assert_closed(left)
        assert [frame["id"] for frame in await frames_of(stays, 1)] == [order]


@pytest.mark.parametrize("slug", ["live-orders", "login-required"])
@asynchronous
async def test_a_milestone_that_is_switched_off_closes_every_socket(
    learner_client, manager_client, no_watch, slug
):
    async with listening(learner_client) as first, listening(manager_client) as second:
        await sync_to_async(turn_off)([slug])
        await assert_closed(first)
        await assert_closed(second)


@asynchronous
async def test_a_login_elsewhere_closes_nothing(learner, learner_client, no_watch):
    async with listening(learner_client) as socket:
        form = {"username": learner.username, "password": PASSWORD}
        answer = await sync_to_async(Browser().post)("/accounts/login/", form)
        assert answer.status_code == 302
        order = await add_order()
        assert [frame["id"] for frame in await frames_of(socket, 1)] == [order]


@pytest.mark.parametrize("model", [get_user_model(), Session])
@asynchronous
async def test_what_sends_no_signal_is_found_soon(learner_client, monkeypatch, model):
    monkeypatch.setattr(door, "INTERVAL", 0.05)
    change = {"is_active": False} if model is get_user_model() else {"expire_date": "2020-01-01T00:00Z"}
    async with listening(learner_client) as socket:
        await sync_to_async(model.objects.update)(**change)
        await assert_closed(socket)


@asynchronous
async def test_many_sockets_are_looked_after_with_three_queries(
    learner, manager, learner_client, manager_client, no_watch, django_assert_num_queries
):
    async with listening(learner_client) as first, listening(manager_client), listening(manager_client):

        def look() -> set[door.Pass]:
            with django_assert_num_queries(3):
                return door.still_good(passes)

        passes = set(door.door().guests.values())
        assert await sync_to_async(look)() == passes
        await asyncio.gather(*[door.door().look() for _ in range(5)])
        assert await first.receive_nothing(timeout=0.05)
