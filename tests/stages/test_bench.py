"""The lab: what stands beside a page of the CRM asks the same question and gives the same answer."""

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


@pytest.mark.parametrize(
    "lab", [lab for lab in LABS if lab.page != "04-search-pagination"], ids=lambda lab: lab.page
)
def test_both_queries_of_a_lab_answer_the_same(office, lab):
    """The last of 100,000 pages is compared where there are as many, by the lab itself."""
    naive, shipped = lab.answers()

    assert naive == shipped
    assert naive
