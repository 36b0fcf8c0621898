"""Milestone 4, beyond: pages so far behind that to walk over the rows before them takes longer than the page."""

from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clients.models import Client
from clients.search.large_tables import ESTIMATED, Count, LargeTablePaginator
from tests.far import far_begins_soon
from tests.fixtures import text_of
from tests.lists import assert_shows, link, make_clients

pytestmark = pytest.mark.beyond("scale")


@pytest.fixture(autouse=True)
def everything_is_far(monkeypatch):
    """From the third page on."""
    far_begins_soon(monkeypatch)


def walked_over(captured: CaptureQueriesContext) -> list[str]:
    """The queries that count rows off."""
    return [query["sql"] for query in captured if "OFFSET" in query["sql"]]


def test_of_the_rows_before_a_far_page_only_the_ids_are_read(milestones):
    made = make_clients(45)
    with CaptureQueriesContext(connection) as captured:
        shown = LargeTablePaginator(Client.objects.newest_first(), 10).page(4)

    assert list(shown) == made[30:40]
    assert shown.has_next()
    (sql,) = walked_over(captured)
    assert "name" not in sql.partition("FROM")[0]


@pytest.mark.parametrize("q", ["", "client"])
def test_the_links_of_a_far_page_count_nothing_off(learner_client, q):
    made = make_clients(65)
    far = learner_client.get(f"/clients/?{urlencode({'q': q, 'page': 4})}")
    with CaptureQueriesContext(connection) as captured:
        after = learner_client.get(link(far, "next"))
        before = learner_client.get(link(far, "prev"))
        again = learner_client.get(link(after, "prev"))

    assert walked_over(captured) == []
    assert_shows(after, made[40:50])
    assert text_of(after, ".page-number").startswith("Page 5")
    assert_shows(before, made[20:30])
    assert text_of(before, ".page-number").startswith("Page 3")
    assert_shows(again, made[30:40])


def test_the_links_lead_through_all_of_it_and_back(learner_client):
    made = make_clients(47)
    shown, response = [], learner_client.get("/clients/?page=3")
    while following := link(response, "next"):
        response = learner_client.get(following)
        shown.append(response)
    assert_shows(shown[-1], made[40:])
    assert len(shown) == 2

    while following := link(response, "prev"):
        response = learner_client.get(following)
    assert_shows(response, made[:10])


@pytest.fixture
def estimated(monkeypatch):
    """A table of 47 clients that is taken for one of about 44."""
    monkeypatch.setattr(LargeTablePaginator, "counted", Count(44, ESTIMATED))
    return make_clients(47)


def counts(captured: CaptureQueriesContext) -> list[str]:
    return [query["sql"] for query in captured if "COUNT(*)" in query["sql"]]


def test_surely_beyond_an_estimated_end_nothing_is_counted(learner_client, estimated):
    with CaptureQueriesContext(connection) as captured:
        last = learner_client.get("/clients/?page=10")

    assert walked_over(captured) == counts(captured) == []
    assert_shows(last, estimated[37:])
    assert text_of(last, ".page-number") == "Page 5 of about 5"
    assert link(last, "next") is None
    assert_shows(learner_client.get(link(last, "prev")), estimated[27:37])


@pytest.mark.parametrize("number, said, shown", [(5, "5 of about 5", 7), (6, "5 of 5", 7), (9, "5 of 5", 7)])
def test_near_an_estimated_end_the_clients_are_counted(learner_client, estimated, number, said, shown):
    """A number that is too low by the estimate alone is reached all the same."""
    near = learner_client.get(f"/clients/?page={number}")

    assert_shows(near, estimated[-shown:])
    assert text_of(near, ".page-number") == f"Page {said}"


def test_a_page_that_only_the_estimate_has_is_the_last_one(learner_client, monkeypatch):
    monkeypatch.setattr(LargeTablePaginator, "counted", Count(58, ESTIMATED))
    made = make_clients(47)

    assert_shows(learner_client.get("/clients/?page=6"), made[37:])


def test_nobody_appears_twice_because_somebody_was_added_meanwhile(learner_client):
    made = make_clients(65)
    far = learner_client.get("/clients/?page=4")
    Client.objects.create(name="New", email="new@mail.com")

    assert_shows(learner_client.get(link(far, "next")), made[40:50])


def test_who_stood_at_the_end_may_have_been_deleted(learner_client):
    made = make_clients(65)
    far = learner_client.get("/clients/?page=4")
    made[39].delete()

    assert_shows(learner_client.get(link(far, "next")), made[41:51])


def test_clients_of_one_moment_keep_their_places(learner_client):
    """Ten of one moment, five of them on this side of the end of a page and five on the other."""
    made = make_clients(65)
    for start in (25, 35):
        moment = made[start : start + 10]
        Client.objects.filter(pk__in=[client.pk for client in moment]).update(created_at=moment[0].created_at)
        made[start : start + 10] = sorted(moment, key=lambda client: -client.pk)
    far = learner_client.get("/clients/?page=4")

    assert_shows(far, made[30:40])
    assert_shows(learner_client.get(link(far, "next")), made[40:50])
    assert_shows(learner_client.get(link(far, "prev")), made[20:30])


def test_a_page_before_that_is_no_whole_one_any_more_is_found_by_its_number(learner_client):
    made = make_clients(65)
    far = learner_client.get("/clients/?page=3")
    for client in made[:15]:
        client.delete()

    assert_shows(learner_client.get(link(far, "prev")), made[25:35])


@pytest.mark.parametrize(
    "value",
    [
        "",
        "abc",
        "3",
        "3-1",
        "3-1-2-3",
        "3-x-y",
        "3--1-5",
        "3-1-" + "9" * 30,
        "3-0-0",
        "²-1-1",
        "\x00",
        "9" * 5000 + "-1-1",
    ],
)
def test_what_is_no_page_to_come_from_is_not_minded(learner_client, value):
    made = make_clients(65)
    address = f"/clients/?{urlencode({'from': value, 'page': 4})}"

    assert_shows(learner_client.get(address), made[30:40])


@pytest.mark.parametrize("number", [0, 1])
def test_no_link_leads_before_the_first_page(learner_client, number):
    made = make_clients(65)
    forged = {"from": f"{number}-{made[30].pk}-{made[39].pk}", "page": number - 1}
    response = learner_client.get(f"/clients/?{urlencode(forged)}")

    assert_shows(response, made[60:])


def test_a_near_page_needs_no_more_than_its_number(learner_client):
    make_clients(45)
    assert link(learner_client.get("/clients/"), "next") == "/clients/?page=2"
