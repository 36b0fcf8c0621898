"""The dashboard's figures of clients and months, where the office's clock differs from UTC and at the edges."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
import time_machine
from model_bakery import baker

from clients.dashboard import figures
from clients.dashboard.summary import NEWEST, summary
from clients.models import Client, Order
from tests.fixtures import page

pytestmark = pytest.mark.django_db

# In Berlin the first of March has begun half an hour ago.
TURN = datetime(2026, 2, 28, 23, 30, tzinfo=UTC)


@pytest.fixture
def berlin(settings):
    settings.TIME_ZONE = "Europe/Berlin"


def client_of(moment: datetime, **values: object) -> Client:
    client = baker.make(Client, **values)
    Client.objects.filter(pk=client.pk).update(created_at=moment)
    return client


# --- Orders -----------------------------------------------------------------------------------------------------------
def test_the_figures_begin_a_month_by_the_offices_clock(berlin):
    with time_machine.travel(TURN, tick=False):
        baker.make(Order, client=baker.make(Client), amount=Decimal("10.00"))
        taken = figures.take_figures()
    assert (taken.this_month.start, taken.this_month.count) == (date(2026, 3, 1), 1)


def test_an_order_of_the_first_moment_of_the_first_month_counts():
    now = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
    baker.make(Order, client=baker.make(Client), amount=1)
    Order.objects.update(created_at=figures.month_starts(now)[0])
    assert figures.by_month(now)[0].count == 1


def test_the_file_of_the_months_opens_in_excel_and_is_only_read(learner_client):
    assert learner_client.get("/figures.csv").content.startswith(b"\xef\xbb\xbf")
    assert learner_client.post("/figures.csv").status_code == 405


# --- Clients ----------------------------------------------------------------------------------------------------------
def test_clients_are_new_since_the_month_began_in_the_office(berlin):
    begun = TURN - timedelta(minutes=30)
    for moment in (begun, begun - timedelta(seconds=1)):
        client_of(moment)
    with time_machine.travel(TURN, tick=False):
        told = summary()
    assert (told.clients_count, told.new_this_month) == (2, 1)


def test_the_five_newest_clients_are_shown_newest_first(learner_client):
    made = [client_of(TURN + timedelta(hours=number), name=f"Client {number}") for number in range(7)]
    assert [client.pk for client in summary().newest] == [client.pk for client in reversed(made)][:NEWEST]
    names = page(learner_client.get("/")).select("#newest-title + ul li div a")
    assert [name.text for name in names] == [f"Client {number}" for number in (6, 5, 4, 3, 2)]


def test_without_avatars_the_newest_clients_have_none(learner_client, milestones):
    client_of(TURN, name="Ada")
    assert page(learner_client.get("/")).select("#newest-title + ul .avatar") != []
    milestones.off("avatars")
    assert page(learner_client.get("/")).select("#newest-title + ul .avatar") == []


def test_a_count_that_stopped_is_told(learner_client, monkeypatch):
    monkeypatch.setattr("clients.search.large_tables.COUNT_LIMIT", 2)
    for number in range(3):
        baker.make(Client, email=f"c{number}@mail.com")
    tile = page(learner_client.get("/")).select_one(".tile-figure")
    assert " ".join(tile.text.split()) == "more than 2"
