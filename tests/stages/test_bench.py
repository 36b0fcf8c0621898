"""The lab: what stands beside a page of the CRM asks the same question and gives the same answer."""

import csv
from decimal import Decimal

import pytest
from model_bakery import baker

from bench.lab_queries import LABS
from clients.models import Client, Order
from tests.fixtures import page

pytestmark = [pytest.mark.django_db, pytest.mark.urls("bench.urls")]


@pytest.fixture
def office(milestones) -> None:
    """Thirteen clients: some active with two unfinished orders, some with finished ones only, one without orders."""
    milestones.on("order-totals", "active-clients", "search-pagination")
    for number in range(13):
        client = baker.make(Client, name=f"Client {number}", email=f"client{number}@mail.com")
        statuses = ["NEW", "IN_PROGRESS", "DONE"] if number % 3 else ["DONE"] * (number // 3)
        for status in statuses:
            baker.make(Order, client=client, status=status, amount=Decimal(number + 1))


def rows(browser, address: str) -> list[list[str]]:
    """The text of each cell of each client's row, but for the avatar and the buttons."""
    table = page(browser.get(address)).find(id="client-list")
    return [
        [cell.get_text(" ", strip=True) for cell in row.find_all(["td", "th"])][1:7]
        for row in table.tbody.find_all("tr")
    ]


@pytest.mark.parametrize(
    "ours, naive",
    [
        ("/clients/", "/naive/clients/"),
        ("/clients/?page=2", "/naive/clients/?page=2"),
        ("/clients/?q=client1", "/naive/clients/?q=client1"),
        ("/clients/?active=1", "/naive/active/?"),
    ],
)
def test_the_naive_way_answers_what_the_page_beside_it_answers(office, learner_client, ours, naive):
    expected = rows(learner_client, ours)

    assert len(expected) >= 3
    assert rows(learner_client, naive) == expected


def test_the_naive_dashboard_shows_the_same_figures(office, learner_client):
    shown, naive = (
        page(learner_client.get(address)).main.get_text(" ", strip=True)
        for address in ("/", "/naive/dashboard/")
    )

    assert "Client 12" in shown
    assert naive == shown


def test_the_naive_file_has_the_same_clients_and_totals(office, learner_client):
    naive = learner_client.get("/naive/export.csv?limit=13").content
    shipped = b"".join(learner_client.get("/clients/export.csv").streaming_content)

    assert len(totals_in(naive)) == 13
    assert totals_in(naive) == totals_in(shipped.partition(b"\n")[2])


def totals_in(lines: bytes) -> list[tuple[str, int, Decimal]]:
    """The e-mail, the number of orders and their sum."""
    rows = csv.reader(lines.decode().splitlines())
    return [(email, int(count), Decimal(total)) for _, email, _, _, _, count, total in rows]


# The others are asked on PostgreSQL: tests/services/test_plans.py.
@pytest.mark.parametrize("lab", [lab for lab in LABS if lab.everywhere], ids=lambda lab: lab.page)
def test_both_queries_of_a_lab_answer_the_same(office, lab):
    naive, shipped = lab.answers()

    assert naive == shipped
    assert naive
