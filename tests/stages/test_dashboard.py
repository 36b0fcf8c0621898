"""The dashboard: what it shows with orders on and off, to whom, and at what cost."""

from decimal import Decimal

import pytest
import time_machine
from django.utils import timezone
from model_bakery import baker

from clients.dashboard import stored_figures
from clients.dashboard.figures import take_figures
from clients.models import Client, Order
from tests.fixtures import assert_sent_to_login, assert_switched_off, page

pytestmark = pytest.mark.django_db

TODAY = "2026-03-15 12:00:00+00:00"


def words(element):
    return " ".join(element.get_text(" ").split())


def tiles(html):
    return {
        words(tile.select_one(".tile-label")): words(tile.select_one(".tile-figure"))
        for tile in html.select(".tile")
    }


def order(client, amount, created, status="DONE"):
    """An order that came in on `created` (YYYY-MM-DD, noon)."""
    made = baker.make(Order, client=client, amount=Decimal(amount), status=status)
    moment = timezone.datetime.fromisoformat(f"{created}T12:00:00+00:00")
    Order.objects.filter(pk=made.pk).update(created_at=moment)


@pytest.fixture
def office():
    with time_machine.travel(TODAY, tick=False):
        anna = baker.make(Client, name="Anna Arendt")
        boris = baker.make(Client, name="Boris Brandt")
        order(anna, "100.00", "2026-03-02")
        order(anna, "50.50", "2026-03-10", status="NEW")
        order(boris, "60.00", "2026-02-03", status="IN_PROGRESS")
        order(boris, "200.00", "2026-02-20")
        yield


@pytest.fixture
def many_orders(monkeypatch):
    """As though counting the orders took long: they are counted when the test says so."""
    monkeypatch.setattr(stored_figures, "COUNTED_AT_ONCE", 0)
    asked = []
    monkeypatch.setattr(stored_figures, "refresh", lambda: asked.append(True))
    return asked


# --- What it shows --------------------------------------------------------------------------------------------------
def test_it_shows_clients_open_orders_and_both_months(office, learner_client):
    assert tiles(page(learner_client.get("/"))) == {
        "Clients": "2",
        "Open orders": "2",
        "Revenue in March so far": "151",
        "Revenue in February": "260",
    }


def test_it_compares_with_the_last_month_up_to_the_same_day(office, learner_client):
    change = page(learner_client.get("/")).select_one(".change")
    assert words(change) == "+151 %"
    assert "against February by the same day" in words(change.parent)


def test_each_status_has_its_line(office, learner_client):
    rows = page(learner_client.get("/")).select(".status-table tbody tr")
    assert [words(row) for row in rows] == ["New 1 51", "In progress 1 60", "Done 2 300"]


def test_the_chart_stands_on_a_table_of_24_months(office, learner_client):
    html = page(learner_client.get("/"))
    assert html.select_one("[data-chart]")["data-chart"] == "months-table"
    rows = html.select("#months-table tbody tr")
    assert len(rows) == 24
    assert rows[0].time["datetime"] == "2024-04"
    assert [row.select_one("[data-revenue]")["data-revenue"] for row in rows[-3:]] == [
        "0.00",
        "260.00",
        "150.50",
    ]
    assert [row.select_one("[data-orders]")["data-orders"] for row in rows[-3:]] == ["0", "2", "2"]


def test_the_largest_clients_come_first(office, learner_client):
    people = page(learner_client.get("/")).select("#largest-title + ol li")
    assert [words(person.select_one("div a")) for person in people] == ["Boris Brandt", "Anna Arendt"]
    assert [words(person.select_one(".order-amount")) for person in people] == ["260.00", "150.50"]


def test_a_new_order_shows_at_once(office, learner_client):
    assert tiles(page(learner_client.get("/")))["Open orders"] == "2"
    baker.make(Order, client=Client.objects.first(), status="NEW", amount=1)
    assert tiles(page(learner_client.get("/")))["Open orders"] == "3"


def test_an_empty_office_has_its_dashboard_too(learner_client):
    html = page(learner_client.get("/"))
    assert tiles(html)["Open orders"] == "0"
    assert "Nothing last month to compare with" in html.text
    assert "No clients yet" in html.text


# --- Milestones -----------------------------------------------------------------------------------------------------
def test_without_orders_it_shows_clients_only(office, learner_client, milestones):
    milestones.off("orders")
    html = page(learner_client.get("/"))
    assert list(tiles(html)) == ["Clients", "Milestones on"]
    assert html.select("#order-figures, [data-chart], script[src*=uPlot]") == []


def test_without_totals_there_are_no_largest_clients(office, learner_client, milestones):
    milestones.off("order-totals")
    html = page(learner_client.get("/"))
    assert html.select("#largest-title") == []
    assert html.select("#months-table") != []


# --- Many orders ----------------------------------------------------------------------------------------------------
def test_while_the_orders_are_counted_for_the_first_time_it_says_so(office, learner_client, many_orders):
    html = page(learner_client.get("/"))
    assert "Counting the orders" in words(html.select_one("#order-figures"))
    assert html.select_one("#order-figures").has_attr("data-counting")
    assert "Open orders" not in tiles(html)
    assert many_orders == [True]


def test_kept_figures_are_shown_with_their_age(office, learner_client, many_orders):
    stored_figures.keep(take_figures())
    Order.objects.filter(status="NEW").delete()
    with time_machine.travel("2026-03-15 12:03:00+00:00", tick=False):
        html = page(learner_client.get("/"))
    assert tiles(html)["Open orders"] == "2"
    assert words(html.select_one(".figures-age")) == "Order figures of 3 minutes ago."
    assert many_orders == []


def test_old_figures_are_shown_while_new_ones_are_counted(office, learner_client, many_orders):
    stored_figures.keep(take_figures())
    with time_machine.travel("2026-03-15 12:06:00+00:00", tick=False):
        html = page(learner_client.get("/"))
    age = words(html.select_one(".figures-age"))
    assert age == "Order figures of 6 minutes ago; newer ones are being counted."
    assert html.select_one("#order-figures").has_attr("data-counting")
    assert many_orders == [True]


def test_a_client_that_is_gone_is_no_largest_client(office, learner_client, many_orders):
    stored_figures.keep(take_figures())
    Client.objects.get(name="Boris Brandt").delete()
    people = page(learner_client.get("/")).select("#largest-title + ol li")
    assert [words(person.select_one("div a")) for person in people] == ["Anna Arendt"]


# --- The file, the costs, the strangers -----------------------------------------------------------------------------
def test_the_months_come_as_csv(office, learner_client):
    response = learner_client.get("/figures.csv")
    assert response["Content-Disposition"] == 'attachment; filename="revenue-by-month.csv"'
    lines = response.content.decode("utf-8-sig").splitlines()
    assert lines[0] == '"Month","Orders","Revenue"'
    assert lines[-2:] == ['"2026-02","2","260.00"', '"2026-03","2","150.50"']
    assert len(lines) == 25


def test_the_file_waits_for_the_first_count(office, learner_client, many_orders):
    assert learner_client.get("/figures.csv").status_code == 503


def test_the_file_belongs_to_orders(guest, learner_client, milestones):
    assert_sent_to_login(guest.get("/figures.csv"), "/figures.csv")
    milestones.off("orders")
    assert_switched_off(learner_client.get("/figures.csv"), "orders")


def test_the_number_of_queries_stays_the_same(office, learner_client, django_assert_num_queries):
    with django_assert_num_queries(12):
        learner_client.get("/")
    baker.make(Order, client=baker.make(Client), amount=5, _quantity=20)
    with django_assert_num_queries(12):
        learner_client.get("/")


def test_kept_figures_cost_four_queries_less(office, learner_client, many_orders, django_assert_num_queries):
    stored_figures.keep(take_figures())
    with django_assert_num_queries(8):
        learner_client.get("/")


def test_a_guest_is_sent_to_the_login(guest):
    assert_sent_to_login(guest.get("/"), "/")


def test_the_dashboard_is_read_only(learner_client):
    assert learner_client.post("/").status_code == 405
    assert learner_client.head("/").status_code == 200


def test_the_page_has_nothing_a_strict_policy_would_block(office, learner_client):
    response = learner_client.get("/")
    html = page(response)
    assert html.select("[style], style, script:not([src]), [onclick], [onload]") == []
    policy = [rule.strip() for rule in response["Content-Security-Policy"].split(";")]
    assert "script-src 'self'" in policy
    assert "style-src 'self'" in policy
