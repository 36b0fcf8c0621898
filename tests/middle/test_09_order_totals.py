"""Milestone 9: the list shows what each client has ordered, at the cost of one page however many clients there are."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from model_bakery import baker

from clients.models import Client, Order
from tests.fixtures import listed_ids, no_query_per_row, page, text_of


@pytest.fixture
def ada(milestones) -> Client:
    ada = baker.make(Client, name="Ada", email="ada@mail.com")
    for amount, status in (("10.00", "NEW"), ("20.50", "DONE"), ("0.01", "IN_PROGRESS")):
        baker.make(Order, client=ada, amount=Decimal(amount), status=status)
    return ada


def totals(response) -> dict[int, tuple[str, str]]:
    """The two cells of each row in the list: the number of orders and their sum."""
    rows = page(response).select("table#client-list tbody tr")
    cells = {
        int(row["data-client-id"]): (
            row.select_one("[data-orders-count]"),
            row.select_one("[data-orders-total]"),
        )
        for row in rows
    }
    assert all(all(pair) for pair in cells.values()), "a row of the list has no cells for its orders"
    return {pk: (count.text, total.text) for pk, (count, total) in cells.items()}


@pytest.mark.required
@pytest.mark.contrast
def test_the_list_has_the_number_of_orders_and_their_total(learner_client, ada):
    assert totals(learner_client.get("/clients/")) == {ada.pk: ("3", "30.51")}


@pytest.mark.required
@pytest.mark.contrast
def test_the_columns_are_named(learner_client, ada):
    head = text_of(learner_client.get("/clients/"), "table#client-list thead")
    assert "Number of orders" in head
    assert "Total amount of orders" in head


@pytest.mark.required
@pytest.mark.contrast
def test_a_client_without_orders_shows_zero_not_nothing(learner_client, milestones):
    client = baker.make(Client, email="new@mail.com")
    assert totals(learner_client.get("/clients/")) == {client.pk: ("0", "0.00")}


@pytest.mark.contrast
def test_a_total_has_no_separators_and_two_decimals(learner_client, milestones):
    client = baker.make(Client, email="rich@mail.com")
    baker.make(Order, client=client, amount=Decimal("9999999999.90"), _quantity=2)
    assert totals(learner_client.get("/clients/")) == {client.pk: ("2", "19999999999.80")}


@pytest.mark.required
@pytest.mark.contrast
def test_a_filter_over_orders_never_multiplies_a_sum(learner_client, ada, milestones):
    """Two unfinished orders join twice; the total stays what it is, with search, filter and all."""
    milestones.on("active-clients", "search-pagination")
    assert totals(learner_client.get("/clients/", {"active": "1", "q": "ada"})) == {ada.pk: ("3", "30.51")}


@pytest.mark.parametrize(
    "narrowed", [Client.objects.active, lambda: Client.objects.search("ada"), Client.objects.all]
)
def test_totals_stay_right_however_the_clients_were_chosen(ada, narrowed):
    client = narrowed().with_order_totals().get()
    assert (client.orders_count, client.orders_total) == (3, Decimal("30.51"))


@pytest.mark.required
@pytest.mark.contrast
def test_the_number_of_queries_does_not_grow_with_the_clients(learner_client, milestones):
    milestones.off("list-cache")

    def queries_with(more: int, prefix: str) -> int:
        for n in range(more):
            baker.make(Order, client=baker.make(Client, email=f"{prefix}{n}@mail.com"), amount=1, _quantity=3)
        with no_query_per_row(), CaptureQueriesContext(connection) as captured:
            response = learner_client.get("/clients/")
        assert len(totals(response)) == Client.objects.count()
        return len(captured)

    few, many = queries_with(2, "few"), queries_with(8, "many")
    # session, user, flags, the clients, their totals, their latest orders; a later milestone may add one of its own
    assert few == many
    assert many <= 8


def test_the_latest_orders_of_all_rows_come_with_one_query(milestones, django_assert_num_queries):
    for n in range(3):
        client = baker.make(Client, email=f"c{n}@mail.com")
        baker.make(Order, client=client, title="older", amount=1)
        baker.make(Order, client=client, title=f"newest of {n}", amount=1)
    baker.make(Client, email="without@mail.com")
    with django_assert_num_queries(2):
        found = {
            client.email: [order.title for order in client.latest_orders]
            for client in Client.objects.with_latest_orders()
        }
    assert found == {
        "c0@mail.com": ["newest of 0"],
        "c1@mail.com": ["newest of 1"],
        "c2@mail.com": ["newest of 2"],
        "without@mail.com": [],
    }


@pytest.mark.contrast
def test_the_list_shows_each_clients_latest_order(learner_client, ada):
    baker.make(Order, client=ada, title="Standing desk", amount=1)
    assert "Standing desk" in text_of(learner_client.get("/clients/"), "table#client-list tbody")


@pytest.mark.contrast
def test_the_pages_clients_are_grouped_and_no_others(learner_client, milestones):
    """The ids of the page come first: grouping the whole table before LIMIT takes seconds at a million clients."""
    milestones.on("search-pagination")
    for n in range(12):
        baker.make(Client, email=f"c{n}@mail.com")
    with CaptureQueriesContext(connection) as captured:
        learner_client.get("/clients/")
    grouped = [query["sql"] for query in captured if "GROUP BY" in query["sql"]]
    assert len(grouped) == 1
    assert grouped[0].split(" IN (")[1].split(")")[0].count(",") == 9


def test_the_order_of_the_list_stays_newest_first(learner_client, milestones):
    clients = [baker.make(Client, email=f"c{n}@mail.com") for n in range(3)]
    baker.make(Order, client=clients[0], amount=1)
    assert listed_ids(learner_client.get("/clients/")) == [client.pk for client in reversed(clients)]


def test_switched_off_the_list_has_neither_column(learner_client, ada, milestones):
    milestones.off("order-totals")
    table = page(learner_client.get("/clients/")).select_one("table#client-list")
    assert table.select("[data-orders-count], [data-orders-total]") == []
    assert "orders" not in table.select_one("thead").text.lower()


def test_the_page_of_a_client_has_both_while_switched_on(learner_client, ada, milestones):
    facts = page(learner_client.get(f"/clients/{ada.pk}/")).select_one(".facts")
    assert facts.select_one("[data-orders-count]").text == "3"
    assert facts.select_one("[data-orders-total]").text == "30.51"
    milestones.off("order-totals")
    assert page(learner_client.get(f"/clients/{ada.pk}/")).select(".facts [data-orders-total]") == []
