"""Milestone 2: what happens when a form was valid and saving it fails all the same."""

import pytest
from django.db import IntegrityError
from model_bakery import baker

from clients.forms import PlainClientForm
from clients.models import Client
from tests.fixtures import assert_saved, form_data, text_of

pytestmark = pytest.mark.beyond("races")

GRACE = {"name": "Grace", "email": "grace@navy.org"}


@pytest.mark.contrast
def test_after_a_save_in_the_last_moment_saving_once_more_is_enough(learner_client, monkeypatch):
    ada = baker.make(Client, name="Ada", email="ada@mail.com")
    address = f"/clients/{ada.pk}/edit/"
    sent = form_data(learner_client.get(address), name="Ada Mine")
    is_valid = PlainClientForm.is_valid

    def valid_but_late(form) -> bool:
        found_valid = is_valid(form)
        theirs = Client.objects.get()
        theirs.name = "Ada Theirs"
        theirs.save()
        return found_valid

    with monkeypatch.context() as rival:
        rival.setattr(PlainClientForm, "is_valid", valid_but_late)
        refused = learner_client.post(address, sent)
    assert "Ada Theirs" in text_of(refused, ".conflict")

    assert_saved(learner_client.post(address, form_data(refused)))
    assert Client.objects.get().name == "Ada Mine"


@pytest.mark.contrast
def test_what_the_database_refuses_for_a_reason_of_its_own_is_never_called_saved(learner_client, monkeypatch):
    def refuse(client, *args, **kwargs) -> None:
        raise IntegrityError("a constraint that nobody has told the model of")

    monkeypatch.setattr(Client, "save", refuse)
    learner_client.raise_request_exception = False

    assert learner_client.post("/clients/add/", GRACE).status_code == 500
    assert text_of(learner_client.get("/clients/"), "#messages") == ""
