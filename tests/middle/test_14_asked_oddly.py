"""Milestone 14: pages, ids, orders and searches that nobody asks for in good faith, and filters that combine."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from model_bakery import baker

from clients.models import Client, Order
from clients.querysets import ClientQuerySet
from tests.middle.api import MOMENT, answered, make_ada, make_bob, names

pytestmark = pytest.mark.beyond("hostile")


@pytest.fixture
def ada(milestones) -> Client:
    return make_ada()


@pytest.fixture
def bob(milestones) -> Client:
    return make_bob()


@pytest.mark.contrast
@pytest.mark.parametrize("page", ["0", "-1", "99", "two", "last", "1e3", "9" * 400, "\x00", ""])
def test_a_page_that_does_not_exist_is_a_404_in_json(guest, ada, page):
    if page == "":
        answered(guest.get("/api/clients/", {"page": page}), status=200)
    else:
        assert answered(guest.get("/api/clients/", {"page": page}), status=404) == {"detail": "Invalid page."}


@pytest.mark.contrast
@pytest.mark.parametrize(
    "search", ["%" * 10_000, "' OR 1=1 --", "<script>", "🚀", "0171", '"unclosed', "\x00"]
)
def test_a_hostile_search_finds_nobody(guest, ada, search):
    assert names(guest.get("/api/clients/", {"search": search})) == []


@pytest.mark.contrast
@pytest.mark.parametrize("path", ["/api/clients/999999/", "/api/orders/999999/"])
def test_what_is_not_there_is_a_404_in_json(guest, milestones, path):
    assert "switched off" not in answered(guest.get(path), status=404)["detail"]


@pytest.mark.parametrize("pk", ["abc", "1.5", "9" * 30, "-1"])
def test_an_id_that_is_none_is_a_404(guest, ada, pk):
    assert guest.get(f"/api/clients/{pk}/").status_code == 404


@pytest.mark.contrast
@pytest.mark.parametrize(
    "ordering, expected",
    [
        ("name", ["Ada Lovelace", "Bob"]),
        ("-name", ["Bob", "Ada Lovelace"]),
        ("created_at", ["Ada Lovelace", "Bob"]),
        ("email", ["Ada Lovelace", "Bob"]),
        ("password", ["Bob", "Ada Lovelace"]),
        ("-phone", ["Bob", "Ada Lovelace"]),
    ],
)
def test_clients_are_ordered_as_asked_and_never_by_what_is_not_offered(guest, ada, bob, ordering, expected):
    assert names(guest.get("/api/clients/", {"ordering": ordering})) == expected


@pytest.mark.contrast
def test_orders_are_ordered_by_amount_and_narrowed_to_a_client(guest, ada, bob):
    found = answered(guest.get("/api/orders/", {"ordering": "-amount", "client": ada.pk}))
    assert [order["amount"] for order in found["results"]] == ["20.50", "10.00", "0.01"]
    answered(guest.get("/api/orders/", {"client": "9" * 40}), status=400)


@pytest.mark.contrast
@pytest.mark.parametrize("ordering, newest_first", [("", True), ("-name", True), ("name", False)])
def test_of_equal_rows_the_newest_is_first_unless_the_order_goes_up(
    guest, milestones, ordering, newest_first
):
    made = [baker.make(Client, name="Same", email=f"c{number}@mail.com").pk for number in range(3)]
    Client.objects.update(created_at=MOMENT)
    asked = {"ordering": ordering} if ordering else {}
    found = [client["id"] for client in answered(guest.get("/api/clients/", asked))["results"]]
    assert found == sorted(made, reverse=newest_first)


@pytest.mark.contrast
def test_a_client_that_is_deleted_meanwhile_is_left_out(guest, ada, bob, monkeypatch):
    """Between reading the ids of the page and the totals of those clients."""
    in_bulk = ClientQuerySet.in_bulk

    def without_bob(clients: ClientQuerySet, ids: list[int]) -> dict[int, Client]:
        return in_bulk(clients, [pk for pk in ids if pk != bob.pk])

    monkeypatch.setattr(ClientQuerySet, "in_bulk", without_bob)
    assert names(guest.get("/api/clients/")) == ["Ada Lovelace"]


def test_the_allow_header_offers_what_only_reads(guest, ada, milestones):
    milestones.off("api-permissions")
    assert guest.options("/api/clients/")["Allow"] == "GET, HEAD, OPTIONS"


@pytest.mark.contrast
def test_the_active_filter_works_with_its_milestone_and_not_without(guest, ada, bob, milestones):
    Order.objects.filter(client=ada).update(status="DONE")
    milestones.on("active-clients")
    assert names(guest.get("/api/clients/", {"active": "true"})) == ["Bob"]
    assert names(guest.get("/api/clients/", {"active": "false"})) == ["Ada Lovelace"]
    milestones.off("active-clients")
    assert names(guest.get("/api/clients/", {"active": "true"})) == ["Bob", "Ada Lovelace"]


def test_a_filter_never_lists_all_active_clients_first(guest, ada, bob, milestones):
    milestones.on("active-clients")
    with CaptureQueriesContext(connection) as queries:
        answered(guest.get("/api/clients/", {"active": "false"}))
    asked = [query["sql"] for query in queries if "clients_order" in query["sql"]]
    assert any("NOT EXISTS" in sql or "NOT (EXISTS" in sql for sql in asked)
    assert not any("IN (SELECT" in sql for sql in asked)
