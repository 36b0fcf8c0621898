"""Milestone 4, beyond: pages that cost the same however many clients there are."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clients.models import Client
from clients.search.large_tables import Count, LargeTablePaginator
from tests.far import far_begins_soon
from tests.fixtures import text_of
from tests.lists import assert_shows, link, make_clients

STAGE_ONE = ["client-crud", "client-validation", "search-pagination", "login-required", "avatars"]


# --- Counting without reading the whole table -------------------------------------------------------------------------
@pytest.mark.beyond("scale")
def test_the_paginator_counts_exactly_below_its_limit(milestones):
    make_clients(12)
    paginator = LargeTablePaginator(Client.objects.newest_first(), 10)

    assert (paginator.count, paginator.count_exact, paginator.num_pages) == (12, True, 2)


@pytest.mark.beyond("scale")
def test_the_paginator_stops_counting_at_its_limit_and_says_so(milestones, monkeypatch):
    monkeypatch.setattr("clients.search.large_tables.MATCH_LIMIT", 20)
    make_clients(25)
    # narrowed, because for a whole table PostgreSQL is asked for its own estimate
    paginator = LargeTablePaginator(Client.objects.filter(pk__gt=0).newest_first(), 10)

    assert (paginator.count, paginator.count_exact) == (20, False)


@pytest.mark.beyond("scale")
@pytest.mark.parametrize(
    "word, said", [("", "1,234"), ("about", "About 1,234"), ("more than", "More than 1,234")]
)
def test_the_page_says_how_far_its_count_is_to_be_relied_on(learner_client, monkeypatch, word, said):
    monkeypatch.setattr(LargeTablePaginator, "counted", Count(1234, word))
    make_clients(11)
    response = learner_client.get("/clients/")

    assert text_of(response, "#result-summary").startswith(f"{said} clients")
    assert text_of(response, ".page-number") == " ".join(f"Page 1 of {word} 124".split())


@pytest.mark.beyond("scale")
def test_pages_beyond_the_counting_limit_are_reached_all_the_same(learner_client, monkeypatch):
    far_begins_soon(monkeypatch)
    made = make_clients(35)

    assert_shows(learner_client.get("/clients/?page=4"), made[30:])
    assert link(learner_client.get("/clients/?page=3"), "next") is not None
    assert_shows(learner_client.get("/clients/?page=99"), made[30:])


@pytest.mark.beyond("scale")
@pytest.mark.parametrize("number, shown", [(35, 5), (40, 10), (1, 1)])
def test_the_last_page_is_read_from_the_other_end(milestones, number, shown):
    made = make_clients(number)
    paginator = LargeTablePaginator(Client.objects.newest_first(), 10)

    with CaptureQueriesContext(connection) as captured:
        last = paginator.last_page()

    assert list(last) == made[-shown:]
    assert not any("OFFSET" in query["sql"] for query in captured)
    assert not last.has_next()


@pytest.mark.beyond("scale")
def test_a_page_far_beyond_the_end_reads_no_rows_before_it(learner_client, monkeypatch):
    far_begins_soon(monkeypatch)
    made = make_clients(35)

    with CaptureQueriesContext(connection) as captured:
        assert_shows(learner_client.get("/clients/?page=99"), made[30:])
    assert not any("OFFSET" in query["sql"] for query in captured)


@pytest.mark.beyond("scale")
@pytest.mark.parametrize("number, counts", [(1, 1), (2, 0), (99, 1)])
def test_a_search_whose_end_is_on_the_page_is_not_counted_as_well(milestones, number, counts):
    """On a database without an index for it, a count would read the whole table a second time."""
    make_clients(12, name="Ada")
    make_clients(3, name="Grace")
    paginator = LargeTablePaginator(Client.objects.search("ada").newest_first(), 10)

    with CaptureQueriesContext(connection) as captured:
        shown = paginator.get_page(number)
        assert (paginator.count, paginator.count_exact, paginator.num_pages) == (12, True, 2)
    assert sum("COUNT" in query["sql"] for query in captured) == counts
    assert shown.has_next() is (number == 1)


# --- Queries ----------------------------------------------------------------------------------------------------------
def queries_of(browser, address: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert browser.get(address).status_code == 200
    return len(captured)


@pytest.mark.beyond("scale")
@pytest.mark.parametrize("address", ["/clients/", "/clients/?q=ada", "/clients/?page=2"])
def test_the_list_takes_at_most_six_queries_however_many_clients(learner_client, milestones, address):
    milestones.only(*STAGE_ONE)
    make_clients(11, name="Ada")
    few = queries_of(learner_client, address)
    make_clients(300, name="Ada")
    many = queries_of(learner_client, address)

    assert few == many
    assert few <= 6
