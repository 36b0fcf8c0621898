"""Milestone 8: a client's orders stand by the time they came in, and those of one moment keep their places."""

from datetime import UTC, datetime, timedelta

import pytest
from model_bakery import baker

from clients.models import Client, Order
from tests.fixtures import page
from tests.middle.row_order import found_differently

pytestmark = pytest.mark.beyond("comfort")

MOMENT = datetime(2026, 10, 31, 12, 30, tzinfo=UTC)


@pytest.fixture
def ada(milestones) -> Client:
    return baker.make(Client, name="Ada", email="ada@mail.com")


def shown(browser, client: Client, number: int = 1) -> list[int]:
    response = browser.get(f"/clients/{client.pk}/", {"page": number})
    return [int(line["data-order-id"]) for line in page(response).select("li[data-order-id]")]


@pytest.mark.contrast
def test_an_order_that_was_entered_later_with_an_older_date_stands_below(learner_client, ada):
    newer, older = baker.make(Order, client=ada, amount=1, _quantity=2)
    Order.objects.filter(pk=older.pk).update(created_at=newer.created_at - timedelta(days=1))
    assert shown(learner_client, ada) == [newer.pk, older.pk]


@pytest.mark.contrast
def test_orders_of_one_moment_keep_their_places_between_pages(learner_client, ada):
    orders = [baker.make(Order, client=ada, title=f"Order {number}", amount=1) for number in range(25)]
    Order.objects.update(created_at=MOMENT)
    for way in found_differently(Order, "title"):
        found = shown(learner_client, ada, 1) + shown(learner_client, ada, 2)
        assert found == [order.pk for order in reversed(orders)], f"The page differs {way}."
