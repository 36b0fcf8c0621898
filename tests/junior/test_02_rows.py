"""Milestone 2: what a row of the list says, and where its links lead."""

from datetime import UTC, datetime

import pytest
import time_machine
from bs4 import Tag
from model_bakery import baker

from clients.models import Client
from tests.fixtures import page

pytestmark = pytest.mark.beyond("comfort")


@pytest.fixture
def ada(milestones) -> Client:
    """Added on 29 February, corrected a day later."""
    with time_machine.travel(datetime(2024, 2, 29, 12, tzinfo=UTC), tick=False):
        ada = baker.make(Client, name="Ada Lovelace", email="ada@mail.com", phone="0")
    with time_machine.travel(datetime(2024, 3, 1, 12, tzinfo=UTC), tick=False):
        ada.phone = "+44 20"
        ada.save()
    return ada


def cells(row: Tag) -> list[str]:
    return [" ".join(cell.get_text(" ").split()) for cell in row.select("td")]


@pytest.mark.contrast
def test_a_row_says_who_it_is_and_when_it_was_added(learner_client, ada):
    row = page(learner_client.get("/clients/")).select_one("#client-list tbody tr")

    for said in ("Ada Lovelace", "ada@mail.com", "+44 20", "29 Feb 2024"):
        assert said in cells(row)


@pytest.mark.contrast
def test_a_row_leads_to_the_client_to_editing_and_to_deleting(learner_client, ada):
    row = page(learner_client.get("/clients/")).select_one("#client-list tbody tr")
    links = {link.get_text(" ", strip=True): link["href"] for link in row.select("a")}

    assert links == {
        "Ada Lovelace": f"/clients/{ada.pk}/",
        "Edit Ada Lovelace": f"/clients/{ada.pk}/edit/",
        "Delete Ada Lovelace": f"/clients/{ada.pk}/edit/delete/",
    }


@pytest.mark.contrast
@pytest.mark.parametrize("path", ["", "add/", "{pk}/", "{pk}/edit/", "{pk}/edit/delete/"])
def test_a_head_request_is_answered_as_a_get_would_be(learner_client, ada, path):
    response = learner_client.head(f"/clients/{path.format(pk=ada.pk)}")

    assert (response.status_code, response.content) == (200, b"")
