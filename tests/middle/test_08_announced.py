"""Milestone 8: every write of an order is announced once; a new order as new, a changed one never again."""

import pytest
from model_bakery import baker

from clients.changes import Announcement
from clients.models import Client, Order

heard: list[Announcement] = []


def listener(announcement: Announcement) -> None:
    heard.append(announcement)


@pytest.fixture
def announced(settings, milestones, django_capture_on_commit_callbacks):
    """What is announced while something is done."""
    settings.CHANGE_LISTENERS = [f"{__name__}.listener"]

    def during(happen) -> list[Announcement]:
        heard.clear()
        with django_capture_on_commit_callbacks(execute=True):
            happen()
        return list(heard)

    return during


@pytest.fixture
def ada(milestones) -> Client:
    return baker.make(Client, email="ada@mail.com")


@pytest.fixture
def desk(ada) -> Order:
    return baker.make(Order, client=ada, title="Desk", amount=1)


@pytest.mark.beyond("comfort")
def test_a_new_order_is_announced(announced, ada):
    order = baker.prepare(Order, client=ada, title="Lamp", amount=1)
    assert announced(order.save) == [Announcement((order.pk,), bulk=False)]


@pytest.mark.beyond("comfort")
def test_a_changed_order_is_no_new_one(announced, desk):
    assert announced(desk.save) == [Announcement((), bulk=False)]


@pytest.mark.beyond("comfort")
def test_a_deleted_order_is_announced(announced, desk):
    assert announced(desk.delete) == [Announcement((), bulk=False)]


@pytest.mark.beyond("scale")
def test_orders_made_in_bulk_are_announced_together(announced, ada):
    orders = [Order(client=ada, title=f"Order {number}", amount=1) for number in range(3)]
    told = announced(lambda: Order.objects.bulk_create(orders))
    assert told == [Announcement(tuple(order.pk for order in orders), bulk=True)]


@pytest.mark.beyond("scale")
@pytest.mark.parametrize(
    "write", [lambda: Order.objects.update(title="Chair"), lambda: Order.objects.all().delete()]
)
def test_a_write_to_many_orders_is_announced_once_and_names_none(announced, desk, write):
    assert announced(write) == [Announcement((), bulk=True)]
