"""Milestone 14: however the database finds the rows, each stands on exactly one page of the API."""

import pytest
from model_bakery import baker

from clients.models import Client, Order
from tests.middle.api import MOMENT, answered
from tests.middle.row_order import found_differently
from tests.sentences import listed


@pytest.fixture
def fifteen_alike(milestones) -> None:
    """Fifteen clients, imported at the same moment and called the same, and an order of each."""
    clients = [baker.make(Client, name="Same", email=f"c{number}@mail.com") for number in range(15)]
    for client in clients:
        baker.make(Order, client=client, title="Desk", amount=1)
    for model in (Client, Order):
        model.objects.update(created_at=MOMENT)


def ids(response) -> list[int]:
    return [row["id"] for row in answered(response)["results"]]


@pytest.mark.required
@pytest.mark.contrast
@pytest.mark.parametrize("path", ["/api/clients/", "/api/orders/"])
def test_rows_that_are_equal_never_change_places_between_pages(guest, fifteen_alike, path):
    assert_each_keeps_its_place(guest, path, "")


@pytest.mark.beyond("scale")
@pytest.mark.parametrize(
    "path, ordering", [("/api/clients/", "name"), ("/api/clients/", "-name"), ("/api/orders/", "-amount")]
)
def test_nor_do_they_in_an_order_that_was_asked_for(guest, fifteen_alike, path, ordering):
    assert_each_keeps_its_place(guest, path, ordering)


def assert_each_keeps_its_place(guest, path, ordering):
    asked = {"ordering": ordering} if ordering else {}
    model, field = (Client, "phone") if "clients" in path else (Order, "title")

    first = None
    for way in found_differently(model, field):
        pages = [ids(guest.get(path, {**asked, "page": number})) for number in (1, 2)]
        first = first or pages
        assert pages == first, (
            f"{path} {asked or ''} was asked again with the rows found in another order ({way}): page 1 holds the rows "
            f"{listed(pages[0])} where it held {listed(first[0])}. Equal rows were expected to keep their places: the "
            "id as the last word of the ordering sees to it."
        )
