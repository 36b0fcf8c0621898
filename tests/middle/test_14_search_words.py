"""Milestone 14: a search has at most eight words, because each of them costs the database time of its own."""

import pytest
from model_bakery import baker

from clients.models import Client

pytestmark = [pytest.mark.django_db, pytest.mark.beyond("scale")]
EIGHT = "ada ada ada ada ada ada ada ada"
# As DRF reads them: commas part words too, and quotation marks keep them together.
TOO_MANY = {
    "nine": (f"{EIGHT} ada", 9),
    "commas": ("a,b,c,d,e,f,g,h,i", 9),
    "120 in 254 characters": ("a " * 120, 120),
    "thousands": ("a " * 5_000, 5_000),
}


@pytest.fixture
def ada(milestones) -> Client:
    return baker.make(Client, name="Ada Lovelace", email="ada@mail.com")


@pytest.mark.parametrize("path", ["/api/clients/", "/api/orders/"])
@pytest.mark.parametrize("search, count", TOO_MANY.values(), ids=TOO_MANY)
def test_more_than_eight_words_are_a_400_that_says_why(guest, ada, path, search, count):
    answer = guest.get(path, {"search": search})

    assert answer.status_code == 400
    assert answer.json() == {"search": [f"At most 8 words can be searched for; these are {count}."]}


@pytest.mark.parametrize("search", [EIGHT, f"  {EIGHT}  ", '"Ada Lovelace"', "ada,lovelace"])
def test_eight_words_are_searched_for(guest, ada, search):
    answer = guest.get("/api/clients/", {"search": search})

    assert [client["name"] for client in answer.json()["results"]] == ["Ada Lovelace"]
