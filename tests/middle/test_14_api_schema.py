"""Milestone 14, seen by a machine: whatever the schema allows is asked, and every answer is one the schema names."""

import re

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from model_bakery import baker

from clients.models import Client, Order
from mini_crm.wsgi import application
from tests.sentences import answer, listed

pytestmark = pytest.mark.beyond("comfort")

COLLECTIONS = ("/api/clients/", "/api/clients/{id}/", "/api/orders/", "/api/orders/{id}/")


def schema_of_the_api(browser):
    """Read through the API itself, with a row of each to find."""
    response = browser.get("/api/schema/", {"format": "json"})
    assert response.status_code == 200, f"{answer(response)}; the description (200) was expected."
    client = baker.make(Client, pk=1, name="Ada Lovelace", email="ada@mail.com")
    baker.make(Order, pk=1, client=client, title="Desk", amount=1)
    return schemathesis.openapi.from_wsgi("/api/schema/?format=json", application)


@pytest.mark.contrast
def test_the_schema_names_every_address(guest, milestones):
    response = guest.get("/api/schema/", {"format": "json"})
    assert response.status_code == 200, f"{answer(response)}; the description (200) was expected."
    missing = set(COLLECTIONS) - set(response.json()["paths"])
    assert not missing, f"The description of the API lacks {listed(sorted(missing))}."


def test_the_schema_says_how_many_words_can_be_searched_for(guest, milestones):
    paths = guest.get("/api/schema/", {"format": "json"}).json()["paths"]
    [search] = [one for one in paths["/api/clients/"]["get"]["parameters"] if one["name"] == "search"]

    for count, accepted in ((0, True), (1, True), (8, True), (9, False)):
        text = " ".join(["ada"] * count)
        assert bool(re.search(search["schema"]["pattern"], text)) is accepted
        assert (guest.get("/api/clients/", {"search": text}).status_code == 200) is accepted


@pytest.mark.contrast
@pytest.mark.django_db(transaction=True)  # the server ends its connection with each request
@pytest.mark.parametrize("path", COLLECTIONS)
def test_no_answer_is_outside_the_schema(guest, path):
    """Neither a server error nor a status or a body that the schema does not name."""
    schema = schema_of_the_api(guest)

    @given(case=schema[path]["GET"].as_strategy())
    @settings(max_examples=30, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    def ask(case):
        case.call_and_validate()

    ask()
