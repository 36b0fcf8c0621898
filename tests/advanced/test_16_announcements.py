"""Milestone 16: one announcement for a transaction, of what was committed and of nothing else."""

from contextlib import suppress

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from model_bakery import baker

from clients import caching, changes
from clients.changes import Announcement
from clients.live.events import new_order_frames
from clients.models import Client, Order

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.beyond("scale")]


@pytest.fixture
def ada(milestones) -> Client:
    return baker.make(Client, name="Ada Lovelace", email="ada@mail.com")


@pytest.fixture
def heard(ada, monkeypatch) -> list[Announcement]:
    found: list[Announcement] = []
    monkeypatch.setattr(changes, "announce", found.append)
    return found


def told(announcement: Announcement) -> list[int]:
    """The orders that open pages and webhooks are told of, one by one."""
    return [frame["id"] for frame in new_order_frames(announcement.orders_created, bulk=announcement.bulk)]


def roll_back_an_order_of(client: Client) -> Order:
    with suppress(ZeroDivisionError), transaction.atomic():
        order = baker.make(Order, client=client)
        raise ZeroDivisionError
    return order


def test_a_thousand_saves_in_one_transaction_are_announced_once(ada, heard):
    with transaction.atomic():
        made = [baker.make(Order, client=ada).pk for _ in range(1000)]

    assert [announcement.orders_created for announcement in heard] == [tuple(made)]
    assert [frame["count"] for frame in new_order_frames(made)] == [1000]


def test_a_thousand_saves_raise_the_generation_once(ada):
    before = caching.generation()
    with transaction.atomic():
        for number in range(1000):
            ada.phone = str(number)
            ada.save()

    assert caching.generation() == before + 1


def test_each_transaction_is_announced_by_itself(ada, heard):
    order = baker.make(Order, client=ada)
    Order.objects.update(title="Desk")

    assert heard == [Announcement((order.pk,)), Announcement(bulk=True)]


def test_an_order_of_a_savepoint_that_was_rolled_back_is_told_to_nobody(ada, heard):
    with transaction.atomic():
        first = baker.make(Order, client=ada)
        roll_back_an_order_of(ada)
        last = baker.make(Order, client=ada)

    assert len(heard) == 1
    assert told(heard[0]) == [first.pk, last.pk]


def test_bulk_orders_of_a_savepoint_that_was_rolled_back_are_not_counted(ada, heard):
    with transaction.atomic():
        Order.objects.bulk_create(baker.prepare(Order, client=ada) for _ in range(3))
        with suppress(ZeroDivisionError), transaction.atomic():
            Order.objects.bulk_create(baker.prepare(Order, client=ada) for _ in range(4))
            raise ZeroDivisionError

    assert [frame["count"] for frame in new_order_frames(heard[0].orders_created, bulk=True)] == [3]


def test_a_savepoint_that_was_rolled_back_first_leaves_nothing_in_the_announcement(ada, heard):
    with transaction.atomic():
        gone = roll_back_an_order_of(ada)
        Client.objects.filter(pk=ada.pk).update(phone="1")

    assert heard == [Announcement(bulk=True)]
    assert not Order.objects.filter(pk=gone.pk).exists()


def test_a_transaction_that_was_rolled_back_leaves_nothing_for_the_next_one(ada, heard):
    roll_back_an_order_of(ada)
    assert heard == []

    ada.save()
    assert heard == [Announcement()]


def test_what_only_a_rolled_back_savepoint_wrote_is_not_announced_at_all(ada, heard):
    with transaction.atomic():
        roll_back_an_order_of(ada)

    assert heard == []


def test_a_listener_that_fails_stops_no_other_and_no_write(ada, settings, monkeypatch, caplog):
    reached = []
    monkeypatch.setattr(caching, "forget_pages", reached.append)
    settings.CHANGE_LISTENERS = ["clients.nothing.at_all", "clients.caching.forget_pages"]

    order = baker.make(Order, client=ada)

    assert reached == [Announcement((order.pk,))]
    assert Order.objects.filter(pk=order.pk).exists()
    assert "clients.nothing.at_all failed" in caplog.text


def test_a_listener_that_writes_itself_is_announced_by_itself(ada, settings, monkeypatch):
    heard = []

    def count(announcement: Announcement) -> None:
        heard.append(announcement)
        if len(heard) == 1:
            Client.objects.filter(pk=ada.pk).update(phone="1")

    monkeypatch.setattr(caching, "forget_pages", count)
    settings.CHANGE_LISTENERS = ["clients.caching.forget_pages"]
    with transaction.atomic():
        orders = [baker.make(Order, client=ada).pk for _ in range(2)]

    assert heard == [Announcement(tuple(orders)), Announcement(bulk=True)]


def test_a_single_order_is_pushed_without_another_look_whether_it_is_there(ada, heard):
    order = baker.make(Order, client=ada)
    cache.clear()

    with CaptureQueriesContext(connection) as queries:
        assert told(heard[0]) == [order.pk]
    assert len(queries) == 2
