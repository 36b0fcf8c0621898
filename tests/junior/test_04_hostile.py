"""Milestone 4, beyond: what strangers search for."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from model_bakery import baker

from clients.models import Client
from tests.fixtures import listed_ids, page
from tests.lists import assert_found, ids, make_clients


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


@pytest.mark.beyond("hostile")
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(min_size=1, max_size=30))
def test_no_search_text_breaks_the_query(milestones, text):
    assert isinstance(list(Client.objects.search(text)), list)


@pytest.mark.beyond("hostile")
@pytest.mark.parametrize("number", ["9" * 5000, "-" + "9" * 5000, "%" * 10_000, "x" * 10_000])
def test_an_enormous_page_number_lands_on_a_real_page(learner_client, number):
    made = make_clients(11)

    assert listed_ids(learner_client.get("/clients/", {"page": number})) in (ids(made[:10]), ids(made[10:]))
