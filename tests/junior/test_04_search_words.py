"""Milestone 4: of a very long text the first eight words are searched for, and the page says so."""

import pytest
from model_bakery import baker

from clients.crud.listing import first_words
from clients.models import Client
from tests.fixtures import listed_ids, page, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.beyond("scale")]
EIGHT = "one two  three four five six seven eight"


@pytest.fixture
def long_name(milestones) -> Client:
    return baker.make(Client, name=f"{EIGHT} and last", email="long@mail.com")


def test_the_first_eight_words_find_the_client_and_the_page_says_so(learner_client, long_name):
    baker.make(Client, name="one two three")
    answer = learner_client.get("/clients/", {"q": f"{EIGHT} nine ten"})

    assert listed_ids(answer) == [long_name.pk]
    assert text_of(answer, "#search-cut") == "Only the first eight words were searched for."
    assert answer.context["q"] == EIGHT


def test_eight_words_are_searched_for_as_they_are(learner_client, long_name):
    answer = learner_client.get("/clients/", {"q": f" {EIGHT} "})

    assert listed_ids(answer) == [long_name.pk]
    assert page(answer).select_one("#search-cut") is None


@pytest.mark.parametrize(
    "text, words", [("", ""), ("a", "a"), ("a " * 9, "a a a a a a a a"), ("x" * 999, "x" * 999)]
)
def test_the_first_words_are_what_was_written(text, words):
    assert first_words(text.strip()) == words
