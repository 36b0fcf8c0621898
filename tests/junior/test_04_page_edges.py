"""Milestone 4: where a list, a page or a count ends, and what stands exactly there."""

from urllib.parse import urlencode

import pytest
from model_bakery import baker
from model_bakery.recipe import seq

from clients.models import Client
from clients.search.large_tables import LargeTablePaginator
from tests.fixtures import listed_ids, page, text_of

pytestmark = pytest.mark.beyond("comfort")


def make_clients(number: int) -> None:
    baker.make(Client, _quantity=number, _bulk_create=True, name=seq("Client "))


@pytest.mark.parametrize("number", [1, 10])
def test_the_second_of_one_page_is_the_first(learner_client, number):
    make_clients(number)
    response = learner_client.get("/clients/?page=2")

    assert len(listed_ids(response)) == number
    assert not page(response).select('a[rel~="prev"]')
    assert f"{number} client" in text_of(response, "#result-summary")


@pytest.mark.contrast
def test_the_page_says_which_one_of_how_many_it_is(learner_client, monkeypatch):
    make_clients(35)
    assert text_of(learner_client.get("/clients/?page=2&q=client"), ".page-number") == "Page 2 of 4"

    monkeypatch.setattr("clients.search.large_tables.MATCH_LIMIT", 20)
    # Asked in capitals, because a later milestone may have kept the page of before.
    second = learner_client.get("/clients/?page=2&q=CLIENT")
    assert text_of(second, ".page-number") == "Page 2 of more than 2"
    assert text_of(second, "#result-summary").startswith("More than 20 clients matching")
    third = learner_client.get("/clients/?page=3&q=CLIENT")
    assert text_of(third, ".page-number") == "Page 3", "how many there are is not known"


@pytest.mark.parametrize("text", ["", "   ", "\t"])
def test_a_search_for_blanks_is_none(learner_client, text):
    make_clients(11)
    response = learner_client.get(f"/clients/?{urlencode({'q': text})}")

    assert "matching" not in text_of(response, "#result-summary")
    assert "Clear the search" not in text_of(response, "#client-results"), "there is no search to clear"
    assert [link["href"] for link in page(response).select('a[rel~="next"]')] in ([], ["?page=2"])


def test_as_many_as_are_counted_are_counted_exactly(milestones, monkeypatch):
    monkeypatch.setattr("clients.search.large_tables.MATCH_LIMIT", 20)
    make_clients(20)
    paginator = LargeTablePaginator(Client.objects.filter(pk__gt=0).newest_first(), 10)

    assert (paginator.count, paginator.count_exact, paginator.num_pages) == (20, True, 2)


def test_the_last_page_is_found_although_the_pages_were_counted_before(milestones, monkeypatch):
    monkeypatch.setattr("clients.search.large_tables.MATCH_LIMIT", 10)
    make_clients(35)
    paginator = LargeTablePaginator(Client.objects.filter(pk__gt=0).newest_first(), 10)

    assert paginator.num_pages == 1
    assert paginator.get_page(99).number == 4
    assert (paginator.num_pages, paginator.count, paginator.count_exact) == (4, 35, True)
