"""Milestone 9: the list shows what each client has ordered, at the cost of one page however many clients there are."""

import re
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from model_bakery import baker

from clients.models import Client, Order
from tests.fixtures import listed_ids, no_query_per_row, page, text_of
from tests.sentences import answer, listed, people


@pytest.fixture
def ada(milestones) -> Client:
    ada = baker.make(Client, name="Ada", email="ada@mail.com")
    for amount, status in (("10.00", "NEW"), ("20.50", "DONE"), ("0.01", "IN_PROGRESS")):
        baker.make(Order, client=ada, amount=Decimal(amount), status=status)
    return ada


COUNT, TOTAL = "Number of orders", "Total amount of orders"


def column(response, heading: str) -> int:
    """The place of the column with this heading."""
    heads = [" ".join(th.text.split()) for th in page(response).select("table#client-list thead th")]
    assert heading in heads, (
        f"{answer(response)}; its list has the columns {listed(filter(None, heads), 'none')}. “{heading}” was "
        "expected among them."
    )
    return heads.index(heading)


def totals(response) -> dict[int, tuple[str, str]]:
    """What each row of the list says about orders: their number and their sum."""
    places = column(response, COUNT), column(response, TOTAL)
    rows = page(response).select("table#client-list tbody tr")
    said = [tuple(row.find_all(["td", "th"])[place].text.strip() for place in places) for row in rows]
    return dict(zip(listed_ids(response), said, strict=True))


def assert_says(response, client: Client, count: str, total: str) -> None:
    """The list shows this client alone, with these figures."""
    said = totals(response)
    assert list(said) == [client.pk], (
        f"{answer(response)} with {people(said)}; {people([client])} was expected."
    )
    assert said[client.pk] == (count, total), (
        f"{answer(response)}. For the client {client.name} it shows the number of orders “{said[client.pk][0]}” and "
        f"the total “{said[client.pk][1]}”; “{count}” and “{total}” were expected."
    )


@pytest.mark.required
@pytest.mark.contrast
def test_the_list_has_the_number_of_orders_and_their_total(learner_client, ada):
    assert_says(learner_client.get("/clients/"), ada, "3", "30.51")


@pytest.mark.required
@pytest.mark.contrast
def test_the_columns_are_named(learner_client, ada):
    response = learner_client.get("/clients/")
    assert column(response, COUNT) != column(response, TOTAL), "Both headings stand in one column."


@pytest.mark.required
@pytest.mark.contrast
def test_a_client_without_orders_shows_zero_not_nothing(learner_client, milestones):
    client = baker.make(Client, name="New", email="new@mail.com")
    assert_says(learner_client.get("/clients/"), client, "0", "0.00")


@pytest.mark.beyond("comfort")
@pytest.mark.contrast
def test_a_total_has_no_separators_and_two_decimals(learner_client, milestones):
    client = baker.make(Client, name="Rich", email="rich@mail.com")
    baker.make(Order, client=client, amount=Decimal("9999999999.90"), _quantity=2)
    assert_says(learner_client.get("/clients/"), client, "2", "19999999999.80")


@pytest.mark.beyond("comfort")
@pytest.mark.contrast
def test_a_filter_over_orders_never_multiplies_a_sum(learner_client, ada, milestones):
    """Two unfinished orders join twice; the total stays what it is, with search, filter and all."""
    milestones.on("active-clients", "search-pagination")
    assert_says(learner_client.get("/clients/", {"active": "1", "q": "ada"}), ada, "3", "30.51")


@pytest.mark.beyond("comfort")
@pytest.mark.parametrize(
    "narrowed", [Client.objects.active, lambda: Client.objects.search("ada"), Client.objects.all]
)
def test_totals_stay_right_however_the_clients_were_chosen(ada, narrowed):
    client = narrowed().with_order_totals().get()
    assert (client.orders_count, client.orders_total) == (3, Decimal("30.51"))


def queries_of_the_list(browser, milestones) -> int:
    """With zeal looking on, which names the line that asks once for each row."""
    milestones.off("list-cache")
    with no_query_per_row(), CaptureQueriesContext(connection) as captured:
        response = browser.get("/clients/")
    assert len(totals(response)) == Client.objects.count(), "Not every client is in the list."
    return len(captured)


def make_clients(number: int, prefix: str) -> None:
    for n in range(number):
        baker.make(Order, client=baker.make(Client, email=f"{prefix}{n}@mail.com"), amount=1, _quantity=3)


@pytest.mark.required
@pytest.mark.contrast
def test_the_number_of_queries_does_not_grow_with_the_clients(learner_client, milestones):
    make_clients(2, "few")
    few = queries_of_the_list(learner_client, milestones)
    make_clients(8, "many")
    many = queries_of_the_list(learner_client, milestones)
    assert few == many, (
        f"/clients/ sends {few} queries with 2 clients and {many} with 10; the same number was expected for both."
    )


@pytest.mark.beyond("scale")
@pytest.mark.contrast
def test_the_list_costs_eight_queries_at_most(learner_client, milestones):
    """Session, user, flags, clients, totals, latest orders; a later milestone may add one of its own."""
    make_clients(3, "some")
    assert queries_of_the_list(learner_client, milestones) <= 8


@pytest.mark.beyond("scale")
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


@pytest.mark.beyond("comfort")
@pytest.mark.contrast
def test_the_latest_order_is_shown_whatever_its_status(learner_client, ada):
    baker.make(Order, client=ada, title="Paid chair", status="DONE", amount=1)
    assert "Paid chair" in text_of(learner_client.get("/clients/"), "table#client-list tbody")


@pytest.mark.beyond("comfort")
@pytest.mark.contrast
def test_the_list_shows_each_clients_latest_order(learner_client, ada):
    baker.make(Order, client=ada, title="Standing desk", amount=1)
    assert "Standing desk" in text_of(learner_client.get("/clients/"), "table#client-list tbody")


@pytest.mark.beyond("scale")
@pytest.mark.contrast
def test_no_more_clients_are_grouped_than_the_page_shows(learner_client, milestones):
    """Grouping the whole table before LIMIT takes seconds at a million clients; one look-up a row does not."""
    milestones.on("search-pagination")
    for n in range(12):
        baker.make(Client, email=f"c{n}@mail.com")
    with CaptureQueriesContext(connection) as captured:
        response = learner_client.get("/clients/")
    assert len(totals(response)) == 10
    grouped = [query["sql"] for query in captured if re.search(r'GROUP BY "?clients_client', query["sql"])]
    for sql in grouped:
        ids = sql.partition(" IN (")[2].partition(")")[0]
        assert ids.count(",") == 9, f"This query groups more clients than the ten of the page: {sql}"


@pytest.mark.beyond("comfort")
def test_the_order_of_the_list_stays_newest_first(learner_client, milestones):
    clients = [baker.make(Client, email=f"c{n}@mail.com") for n in range(3)]
    baker.make(Order, client=clients[0], amount=1)
    assert listed_ids(learner_client.get("/clients/")) == [client.pk for client in reversed(clients)]


@pytest.mark.switch
def test_switched_off_the_list_has_neither_column(learner_client, ada, milestones):
    milestones.off("order-totals")
    table = page(learner_client.get("/clients/")).select_one("table#client-list")
    assert table.select("[data-orders-count], [data-orders-total]") == []
    assert "orders" not in table.select_one("thead").text.lower()


@pytest.mark.beyond("comfort")
def test_the_page_of_a_client_has_both_while_switched_on(learner_client, ada, milestones):
    facts = page(learner_client.get(f"/clients/{ada.pk}/")).select_one(".facts")
    assert facts.select_one("[data-orders-count]").text == "3"
    assert facts.select_one("[data-orders-total]").text == "30.51"
    milestones.off("order-totals")
    assert page(learner_client.get(f"/clients/{ada.pk}/")).select(".facts [data-orders-total]") == []
