"""Milestone 4: the longest text that can be found, what is never asked for, and where a search begins and ends."""

import pytest
from model_bakery import baker

from clients.models import Client
from tests.fixtures import page, text_of

pytestmark = pytest.mark.beyond("comfort")

# As long as an address can be.
LONGEST = "a" * 245 + "@mail.com"


def test_the_longest_address_is_found_as_a_whole(milestones):
    found = baker.make(Client, email=LONGEST)

    assert list(Client.objects.search(LONGEST)) == [found]


@pytest.mark.parametrize("text", ["a" + LONGEST, "a\x00b"], ids=["longer than any", "with a NUL byte"])
def test_what_nobody_can_be_called_is_not_asked_for(milestones, django_assert_num_queries, text):
    """PostgreSQL would refuse the NUL byte with an error."""
    with django_assert_num_queries(0):
        assert list(Client.objects.search(text)) == []


def test_blanks_around_the_text_do_not_count(milestones):
    ada = baker.make(Client, name="Ada")
    baker.make(Client, name="Grace", email="grace@navy.org")

    assert list(Client.objects.search("  ada\t")) == [ada]
    assert Client.objects.search("  \t").count() == 2


@pytest.mark.contrast
def test_an_empty_list_says_why_it_is_empty(learner_client):
    assert "No clients yet" in text_of(learner_client.get("/clients/?q="), "#client-results .empty")
    assert "Nobody matches" in text_of(learner_client.get("/clients/?q=ada"), "#client-results .empty")


@pytest.mark.contrast
@pytest.mark.parametrize("address", ["/", "/clients/", "/clients/add/"])
def test_a_search_leads_to_the_list_from_every_page(learner_client, address):
    form = page(learner_client.get(address)).select_one("header form:has(input[name=q])")

    assert form is not None, f"{address} has no field to search in."
    assert (form["action"], form["method"]) == ("/clients/", "get")
