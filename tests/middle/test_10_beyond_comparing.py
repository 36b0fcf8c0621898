"""Milestone 10: what depends on time, and so cannot be compared: equal moments, and two requests at once."""

from datetime import UTC, datetime

import pytest
from model_bakery import baker

from clients.forms import PlainClientForm
from clients.models import Client
from tests.fixtures import field_errors, listed_ids
from tests.middle.row_order import found_differently
from tests.sentences import people

MOMENT = datetime(2026, 10, 31, 12, 30, tzinfo=UTC)


def pages(browser) -> list[list[int]]:
    return [listed_ids(browser.get("/clients/", {"page": number})) for number in ("1", "2")]


@pytest.mark.required
def test_clients_of_the_same_moment_keep_their_places(learner_client, milestones):
    milestones.on("search-pagination")
    milestones.off("list-cache")
    for number in range(15):
        baker.make(Client, name=f"C{number}", email=f"c{number}@mail.com")
    Client.objects.update(created_at=MOMENT)

    first = None
    for way in found_differently(Client, "phone"):
        shown = pages(learner_client)
        first = first or shown
        assert shown == first, (
            f"/clients/ was asked again with the rows found in another order ({way}): page 1 shows {people(shown[0])} "
            f"where it showed {people(first[0])}. Clients of the same moment were expected to keep their places: the "
            "id as the last word of the ordering sees to it."
        )


@pytest.mark.beyond("races")
def test_an_address_that_is_taken_meanwhile_is_an_error_in_the_form(learner_client, milestones, monkeypatch):
    """Another request stores it between validating and saving."""

    def valid_and_taken(form: PlainClientForm) -> bool:
        return not form.errors and bool(baker.make(Client, email="ada@mail.com"))

    monkeypatch.setattr(PlainClientForm, "is_valid", valid_and_taken)
    response = learner_client.post("/clients/add/", {"name": "Ada", "email": "ada@mail.com"})
    assert "There is already a client with this e-mail address." in field_errors(response, "email")
    assert Client.objects.count() == 1
