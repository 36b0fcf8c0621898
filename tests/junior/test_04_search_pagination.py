"""Milestone 4: ten clients a page, and a search that finds them in every alphabet."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode, urljoin

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from model_bakery import baker
from model_bakery.recipe import seq

from clients.models import Client
from clients.search.pagination import ClientPaginator
from tests.fixtures import listed_ids, page
from tests.sentences import answer, people

NO_NUMBERS = ["", "abc", "1.5", "1e3", "²", "\x00", "%", "1 OR 1=1"]
STAGE_ONE = ["client-crud", "client-validation", "search-pagination", "login-required", "avatars"]


def make_clients(number: int, **attributes) -> list[Client]:
    """So many clients, newest first, an hour apart."""
    named = {"name": seq("Client "), **attributes}
    made = baker.make(Client, _quantity=number, _bulk_create=True, **named) if number else []
    for age, client in enumerate(made):
        client.created_at = datetime(2024, 6, 1, tzinfo=UTC) - timedelta(hours=age)
    Client.objects.bulk_update(made, ["created_at"])
    return made


def ids(clients: Iterable[Client]) -> list[int]:
    return [client.pk for client in clients]


def link(response, rel: str) -> str | None:
    """Where the link with this rel leads, as a browser on /clients/ would follow it."""
    found = page(response).select_one(f'a[rel~="{rel}"]')
    return None if found is None else urljoin("/clients/", found["href"])


def pages_by(browser, rel: str, address: str) -> list[list[int]]:
    """The clients on the page at this address, and on each page that the links with this rel lead to."""
    pages = []
    while address and len(pages) < 9:  # links in a circle would go on for ever
        response = browser.get(address)
        pages.append(listed_ids(response))
        address = link(response, rel)
    return pages


def everybody_on(pages: list[list[int]]) -> list[int]:
    return sorted(pk for one in pages for pk in one)


def find(browser, text: str) -> list[int]:
    return listed_ids(browser.get("/clients/", {"q": text}))


def assert_found(browser, text: str, *clients: Client) -> None:
    """A search shows these clients and nobody else, in this order."""
    found = find(browser, text)
    assert found == ids(clients), (
        f"Searching for {text!r} found {people(found)}; {people(clients)} was expected."
    )


def assert_shows(response, clients: list[Client]) -> None:
    """The list shows these clients and nobody else, in this order."""
    shown = listed_ids(response)
    assert shown == ids(clients), (
        f"{answer(response)} and shows {people(shown)}; {people(clients)} was expected, in this order."
    )


# --- Search -----------------------------------------------------------------------------------------------------------
@pytest.mark.required
@pytest.mark.contrast
def test_a_different_q_changes_the_list(learner_client):
    ada = baker.make(Client, name="Ada Lovelace", email="ada@mail.com")
    grace = baker.make(Client, name="Grace Hopper", email="grace@navy.org")

    everybody = set(listed_ids(learner_client.get("/clients/")))
    assert everybody == {ada.pk, grace.pk}, (
        f"Without a search the list shows {people(everybody)}; both were expected."
    )
    assert_found(learner_client, "lovelace", ada)
    assert_found(learner_client, "hopper", grace)


@pytest.mark.required
@pytest.mark.contrast
@pytest.mark.parametrize("text", ["Lovelace", "lovel", "ADA@", "mail.com", "a L", "@mail", "love"])
def test_name_or_address_is_searched_anywhere_and_in_any_case(learner_client, text):
    ada = baker.make(Client, name="Ada Lovelace", email="ada@mail.com")
    baker.make(Client, name="Grace", email="grace@navy.org")

    assert_found(learner_client, text, ada)


@pytest.mark.beyond("comfort")
@pytest.mark.contrast
@pytest.mark.parametrize(
    "name, text",
    [
        ("Анна Каренина", "анна"),
        ("анна", "АННА"),
        ("ΟΔΥΣΣΕΥΣ", "οδυσσευς"),
        ("Ölaf Über", "ÖLAF über"),
        ("Élodie", "élodie"),
        ("ԱՐԱՄ", "արամ"),
        ("ĽUBOMÍR", "ľubomír"),
        ("株式会社ミニ", "会社"),
        ("محمد علي", "علي"),
        ("👩‍🚀 Zoë", "👩‍🚀"),
    ],
)
def test_case_is_ignored_in_every_alphabet(learner_client, name, text):
    found = baker.make(Client, name=name, email="a@mail.com")
    baker.make(Client, name="Somebody else", email="b@mail.com")

    assert_found(learner_client, text, found)


@pytest.mark.beyond("comfort")
@pytest.mark.contrast
def test_a_text_that_nobody_matches_finds_nobody_and_says_so(learner_client):
    baker.make(Client, name="Ada")
    response = learner_client.get("/clients/", {"q": "nobody at all"})

    assert listed_ids(response) == []
    assert "nobody at all" in page(response).select_one("main").get_text()
    assert page(response).select_one('main a[href="/clients/"]'), "no way back to all clients"


@pytest.mark.beyond("comfort")
@pytest.mark.parametrize("text", ["", "   ", "\t"])
def test_an_empty_search_shows_everybody(learner_client, text):
    made = make_clients(3)

    assert_found(learner_client, text, *made)


@pytest.mark.beyond("hostile")
@pytest.mark.contrast
@pytest.mark.parametrize("wildcard", ["%", "_", "*", "?", "[a-z]", "\\", "^", "%%", "A_a"])
def test_what_is_a_wildcard_elsewhere_is_an_ordinary_character_here(learner_client, wildcard):
    found = baker.make(Client, name=f"odd {wildcard} name", email="a@a-com.de")
    baker.make(Client, name="Aba", email="b@bmail-de.com")
    baker.make(Client, name="ordinary", email="c@cmail-de.com")

    assert_found(learner_client, wildcard, found)


@pytest.mark.beyond("hostile")
@pytest.mark.contrast
@pytest.mark.parametrize(
    "text",
    ["\x00", "a\x00b", "%" * 10_000, "x" * 10_000, "'; DROP TABLE clients_client;--", "\ud800", "\u202e"],
)
def test_garbage_finds_nobody_and_breaks_nothing(learner_client, text):
    baker.make(Client, name="Ada")
    response = learner_client.get(f"/clients/?q={quoted(text)}")

    assert listed_ids(response) == []
    assert Client.objects.count() == 1


def quoted(text: str) -> str:
    """Percent-encoded, lone surrogates included, which no browser sends but anybody can."""
    return "".join(f"%{byte:02X}" for byte in text.encode("utf-8", "surrogatepass"))


@pytest.mark.beyond("hostile")
def test_bytes_that_are_no_utf_8_break_nothing(learner_client):
    make_clients(2)

    assert learner_client.get("/clients/?q=%FF%FE%80").status_code == 200


@pytest.mark.beyond("hostile")
def test_the_search_is_repeated_in_its_field_and_escaped(learner_client):
    response = learner_client.get("/clients/", {"q": '"><b id=evil>'})
    shown = page(response)

    assert shown.select_one("input[name=q]")["value"] == '"><b id=evil>'
    assert not shown.select("#evil")


@pytest.mark.beyond("comfort")
def test_found_clients_come_newest_first_too(learner_client):
    made = make_clients(3, name="Ada")

    assert_found(learner_client, "ada", *made)


@pytest.mark.beyond("hostile")
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(min_size=1, max_size=30))
def test_no_search_text_breaks_the_query(milestones, text):
    assert isinstance(list(Client.objects.search(text)), list)


# --- Pages ------------------------------------------------------------------------------------------------------------
@pytest.mark.required
@pytest.mark.contrast
def test_there_are_ten_clients_on_a_page(learner_client):
    made = make_clients(25)

    assert_shows(learner_client.get("/clients/"), made[:10])
    assert_shows(learner_client.get("/clients/?page=2"), made[10:20])
    assert_shows(learner_client.get("/clients/?page=3"), made[20:])


@pytest.mark.required
@pytest.mark.contrast
def test_the_links_lead_through_all_pages_and_back(learner_client):
    made = make_clients(25)
    seen = pages_by(learner_client, "next", "/clients/")
    assert [len(one) for one in seen] == [10, 10, 5], (
        f"Following “next” from /clients/ shows pages of {[len(one) for one in seen]} clients; 10, 10 and 5 of the 25 "
        "were expected."
    )
    assert everybody_on(seen) == sorted(ids(made)), (
        "Following “next” from /clients/ shows some of the 25 clients twice and others never; each once was expected."
    )

    back = pages_by(learner_client, "prev", "/clients/?page=3")
    assert back == seen[::-1], (
        f"Following “prev” from the third page shows {len(back)} pages; the same three, backwards, were expected."
    )


@pytest.mark.beyond("comfort")
@pytest.mark.contrast
def test_a_link_is_absent_where_there_is_no_such_page(learner_client):
    make_clients(11)
    first, last = learner_client.get("/clients/"), learner_client.get("/clients/?page=2")

    assert link(first, "prev") is None
    assert link(first, "next") is not None
    assert link(last, "prev") is not None
    assert link(last, "next") is None


@pytest.mark.beyond("comfort")
@pytest.mark.parametrize("number", [0, 1, 9, 10])
def test_up_to_ten_clients_need_no_links(learner_client, number):
    make_clients(number)
    response = learner_client.get("/clients/")

    assert len(listed_ids(response)) == number
    assert link(response, "next") is None
    assert link(response, "prev") is None


@pytest.mark.required
@pytest.mark.contrast
@pytest.mark.parametrize("text", ["ada & søn", "100%", "a+b", "анна", "x=1&page=7"])
def test_next_and_prev_keep_the_search(learner_client, text):
    made = make_clients(21, name=f"The {text} company")
    baker.make(Client, name="Somebody else")
    response = learner_client.get("/clients/", {"q": text})

    second = link(response, "next")
    assert second is not None, (
        f"A search for {text!r} fills two pages, but the first has no link to the second."
    )
    forward = pages_by(learner_client, "next", f"/clients/?{urlencode({'q': text})}")
    assert everybody_on(forward) == sorted(ids(made)), (
        f"Searching for {text!r} and following “next” shows {people(everybody_on(forward))}; the 21 that match were "
        "expected, each once."
    )
    back = pages_by(learner_client, "prev", second)
    assert back == forward[1::-1], (
        f"“prev” on the second page found for {text!r} leads to {people(back[-1])}; the first page was expected."
    )


@pytest.mark.beyond("comfort")
@pytest.mark.contrast
def test_the_links_name_the_search_and_the_page_and_nothing_else(learner_client):
    make_clients(21, name="Ada")
    response = learner_client.get("/clients/?q=ada&page=2")

    assert link(response, "prev") == "/clients/?q=ada&page=1"
    assert link(response, "next") == "/clients/?q=ada&page=3"


@pytest.mark.required
@pytest.mark.parametrize("number", NO_NUMBERS)
def test_what_is_no_page_number_breaks_nothing(learner_client, number):
    """No contrast: without pages it means nothing. The first page and 404 are both right."""
    make_clients(25)
    learner_client.raise_request_exception = False
    response = learner_client.get("/clients/", {"page": number})

    assert response.status_code in (200, 404), f"{answer(response)}; a page or 404 was expected."


@pytest.mark.beyond("comfort")
@pytest.mark.contrast
@pytest.mark.parametrize("number", NO_NUMBERS)
def test_what_is_no_page_number_lands_on_the_first_page(learner_client, number):
    made = make_clients(25)

    assert_shows(learner_client.get("/clients/", {"page": number}), made[:10])


@pytest.mark.beyond("comfort")
@pytest.mark.contrast
@pytest.mark.parametrize("number", ["4", "999", "9" * 12, "9" * 30, "0", "-1", "-99999999999"])
def test_a_page_number_out_of_range_lands_on_the_last_page(learner_client, number):
    made = make_clients(25)

    assert_shows(learner_client.get("/clients/", {"page": number}), made[20:])


@pytest.mark.beyond("hostile")
@pytest.mark.parametrize("number", ["9" * 5000, "-" + "9" * 5000, "%" * 10_000, "x" * 10_000])
def test_an_enormous_page_number_lands_on_a_real_page(learner_client, number):
    made = make_clients(11)

    assert listed_ids(learner_client.get("/clients/", {"page": number})) in (ids(made[:10]), ids(made[10:]))


@pytest.mark.beyond("comfort")
def test_a_page_past_the_end_of_an_empty_list_is_the_empty_list(learner_client):
    assert listed_ids(learner_client.get("/clients/?page=99")) == []


@pytest.mark.beyond("comfort")
def test_a_page_past_the_end_of_a_search_is_its_last_page(learner_client):
    made = make_clients(12, name="Ada")

    assert_shows(learner_client.get("/clients/?q=ada&page=99"), made[10:])


@pytest.mark.beyond("comfort")
def test_repeated_parameters_use_the_last_one(learner_client):
    made = make_clients(25)

    assert_shows(learner_client.get("/clients/?page=1&page=2"), made[10:20])


@pytest.mark.beyond("comfort")
@pytest.mark.contrast
def test_the_number_of_clients_found_is_shown(learner_client):
    make_clients(12, name="Ada")
    make_clients(5, name="Grace")

    assert "12" in page(learner_client.get("/clients/?q=ada")).select_one("#result-summary").get_text()
    assert "17" in page(learner_client.get("/clients/")).select_one("#result-summary").get_text()


@pytest.mark.beyond("comfort")
def test_clients_of_the_same_moment_stand_on_one_page_only(learner_client):
    made = make_clients(25)
    Client.objects.update(created_at=datetime(2024, 1, 1, tzinfo=UTC))
    shown = [pk for number in (1, 2, 3) for pk in listed_ids(learner_client.get(f"/clients/?page={number}"))]

    assert sorted(shown) == sorted(ids(made))


# --- Counting without reading the whole table -------------------------------------------------------------------------
@pytest.mark.beyond("scale")
def test_the_paginator_counts_exactly_below_its_limit(milestones):
    make_clients(12)
    paginator = ClientPaginator(Client.objects.newest_first(), 10)

    assert (paginator.count, paginator.count_exact, paginator.num_pages) == (12, True, 2)


@pytest.mark.beyond("scale")
def test_the_paginator_stops_counting_at_its_limit_and_says_so(milestones, monkeypatch):
    monkeypatch.setattr("clients.search.pagination.COUNT_LIMIT", 20)
    make_clients(25)
    # narrowed, because for a whole table PostgreSQL is asked for its own estimate
    paginator = ClientPaginator(Client.objects.filter(pk__gt=0).newest_first(), 10)

    assert (paginator.count, paginator.count_exact) == (20, False)


@pytest.mark.beyond("scale")
def test_pages_beyond_the_counting_limit_are_reached_all_the_same(learner_client, monkeypatch):
    monkeypatch.setattr("clients.search.pagination.COUNT_LIMIT", 10)
    made = make_clients(35)

    assert_shows(learner_client.get("/clients/?page=4"), made[30:])
    assert link(learner_client.get("/clients/?page=3"), "next") is not None
    assert_shows(learner_client.get("/clients/?page=99"), made[30:])


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


# --- Off --------------------------------------------------------------------------------------------------------------
@pytest.mark.switch
def test_off_every_client_is_on_the_one_page(learner_client, milestones):
    milestones.off("search-pagination")
    made = make_clients(25)
    response = learner_client.get("/clients/")

    assert_shows(response, made)
    assert link(response, "next") is None


@pytest.mark.switch
def test_off_q_and_page_mean_nothing(learner_client, milestones):
    milestones.off("search-pagination")
    made = make_clients(12, name="Ada")

    assert_shows(learner_client.get("/clients/?q=nobody&page=2"), made)


@pytest.mark.switch
def test_off_there_is_no_search_field(learner_client, milestones):
    milestones.off("search-pagination")

    assert not page(learner_client.get("/clients/")).select("input[name=q]")


@pytest.mark.switch
def test_off_the_plain_list_is_capped_and_says_so(learner_client, milestones):
    milestones.off("search-pagination")
    made = make_clients(101)
    response = learner_client.get("/clients/")

    assert_shows(response, made[:100])
    assert "Only the 100 newest clients are shown" in page(response).select_one("main").get_text()


@pytest.mark.switch
def test_off_a_hundred_clients_are_not_called_capped(learner_client, milestones):
    milestones.off("search-pagination")
    make_clients(100)
    response = learner_client.get("/clients/")

    assert len(listed_ids(response)) == 100
    assert "Only the" not in page(response).select_one("main").get_text()
