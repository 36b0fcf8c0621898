"""Milestone 4, beyond: what the list does besides, for comfort."""

from datetime import UTC, datetime

import pytest
from model_bakery import baker

from clients.models import Client
from tests.fixtures import listed_ids, page
from tests.lists import NO_NUMBERS, assert_found, assert_shows, ids, link, make_clients


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


@pytest.mark.beyond("comfort")
def test_found_clients_come_newest_first_too(learner_client):
    made = make_clients(3, name="Ada")

    assert_found(learner_client, "ada", *made)


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


@pytest.mark.beyond("comfort")
@pytest.mark.contrast
def test_the_links_name_the_search_and_the_page_and_nothing_else(learner_client):
    make_clients(21, name="Ada")
    response = learner_client.get("/clients/?q=ada&page=2")

    assert link(response, "prev") == "/clients/?q=ada&page=1"
    assert link(response, "next") == "/clients/?q=ada&page=3"


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
