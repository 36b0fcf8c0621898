"""Milestone 2: what the messages and the question before deleting say."""

import pytest
from model_bakery import baker

from clients.models import Client
from tests.fixtures import form_data, page, text_of

pytestmark = pytest.mark.beyond("comfort")


@pytest.fixture
def ada(milestones) -> Client:
    return baker.make(Client, name="Ada Lovelace", email="ada@mail.com")


def message(browser) -> str:
    return text_of(browser.get("/clients/"), "#messages")


@pytest.mark.contrast
def test_the_message_about_a_new_client_names_it(learner_client):
    learner_client.post("/clients/add/", {"name": "Grace Hopper", "email": "grace@navy.org"})

    assert message(learner_client) == "Grace Hopper was added."


@pytest.mark.contrast
def test_the_message_about_a_saved_client_gives_the_new_name(learner_client, ada):
    address = f"/clients/{ada.pk}/edit/"
    learner_client.post(address, form_data(learner_client.get(address), name="Ada King"))

    assert message(learner_client) == "Ada King was saved."


@pytest.mark.contrast
def test_the_message_about_a_deleted_client_names_it(learner_client, ada):
    learner_client.post(f"/clients/{ada.pk}/edit/delete/")

    assert message(learner_client) == "Ada Lovelace was deleted."


@pytest.mark.contrast
@pytest.mark.parametrize("path", ["/clients/add/", "/clients/{pk}/edit/", "/clients/{pk}/edit/delete/"])
def test_a_message_that_it_worked_looks_like_one(learner_client, ada, path):
    learner_client.post(path.format(pk=ada.pk), {"name": "Grace Hopper", "email": "grace@navy.org"})
    shown = page(learner_client.get("/clients/")).select("#messages > *")

    assert [one["class"] for one in shown] == [["flash", "success"]]


@pytest.mark.contrast
def test_the_question_before_deleting_names_the_client(learner_client, ada):
    asked = text_of(learner_client.get(f"/clients/{ada.pk}/edit/delete/"), "main")

    assert "Ada Lovelace" in asked
    assert "ada@mail.com" in asked
