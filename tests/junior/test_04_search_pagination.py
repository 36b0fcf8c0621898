"""Milestone 4: ten clients a page, and a search that finds them in every alphabet."""

from urllib.parse import urlencode

import pytest
from model_bakery import baker

from clients.models import Client
from tests.fixtures import listed_ids, page
from tests.lists import NO_NUMBERS, assert_found, assert_shows, ids, link, make_clients
from tests.sentences import answer, people


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


@pytest.mark.required
@pytest.mark.contrast
def test_next_and_prev_keep_the_search(learner_client):
    assert_links_keep(learner_client, "ada")


@pytest.mark.beyond("hostile")
@pytest.mark.contrast
@pytest.mark.parametrize("text", ["ada & søn", "100%", "a+b", "анна", "x=1&page=7"])
def test_next_and_prev_keep_odd_letters_too(learner_client, text):
    assert_links_keep(learner_client, text)


def assert_links_keep(learner_client, text):
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


@pytest.mark.beyond("hostile")
@pytest.mark.parametrize("number", NO_NUMBERS)
def test_what_is_no_page_number_breaks_nothing(learner_client, number):
    """No contrast: without pages it means nothing. The first page and 404 are both right."""
    make_clients(25)
    learner_client.raise_request_exception = False
    response = learner_client.get("/clients/", {"page": number})

    assert response.status_code in (200, 404), f"{answer(response)}; a page or 404 was expected."


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
