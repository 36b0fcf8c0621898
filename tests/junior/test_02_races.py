"""Milestone 2, beyond: two people write to one client."""

import pytest
from model_bakery import baker

from clients.forms import PlainClientForm
from clients.models import Client
from tests.crud import ADA
from tests.fixtures import (
    assert_gone,
    field_errors,
    form_data,
    page,
    text_of,
)


@pytest.fixture
def ada(milestones) -> Client:
    return baker.make(Client, **ADA)


@pytest.mark.beyond("races")
def test_the_slower_of_two_requests_for_one_address_gets_a_field_error(learner_client, monkeypatch):
    """The rival's client is stored after our form has been found valid, and before it is saved."""
    rival_comes_after_validation(monkeypatch, lambda: baker.make(Client, email="ada@mail.com"))
    response = learner_client.post("/clients/add/", {**ADA, "email": "Ada@mail.com"})

    assert field_errors(response, "email") == "There is already a client with this e-mail address."
    assert Client.objects.count() == 1


def rival_comes_after_validation(monkeypatch, act) -> None:
    """Lets `act` happen once the form has been found valid, before anything is saved."""
    is_valid = PlainClientForm.is_valid

    def valid_but_late(self) -> bool:
        found_valid = is_valid(self)
        act()
        return found_valid

    monkeypatch.setattr(PlainClientForm, "is_valid", valid_but_late)


@pytest.mark.beyond("races")
def test_an_address_taken_while_saving_is_a_field_error_too(learner_client, ada, monkeypatch):
    address = f"/clients/{ada.pk}/edit/"
    sent = form_data(learner_client.get(address), email="grace@mail.com")
    rival_comes_after_validation(monkeypatch, lambda: baker.make(Client, email="grace@mail.com"))
    response = learner_client.post(address, sent)

    assert field_errors(response, "email") == "There is already a client with this e-mail address."
    ada.refresh_from_db()
    assert ada.email == "ada@mail.com"


# --- Two people edit the same client ----------------------------------------------------------------------------------
@pytest.fixture
def stale_form(learner_client, ada) -> dict[str, object]:
    """A form opened before somebody else has saved another name and phone."""
    opened = form_data(learner_client.get(f"/clients/{ada.pk}/edit/"), name="Ada Mine")
    ada.name, ada.phone = "Ada Theirs", "999"
    ada.save()
    return opened


@pytest.mark.beyond("races")
def test_a_stale_form_overwrites_nothing(learner_client, ada, stale_form):
    response = learner_client.post(f"/clients/{ada.pk}/edit/", stale_form)

    assert response.status_code == 200
    ada.refresh_from_db()
    assert (ada.name, ada.phone) == ("Ada Theirs", "999")


@pytest.mark.beyond("races")
def test_a_stale_form_comes_back_with_both_values(learner_client, ada, stale_form):
    response = learner_client.post(f"/clients/{ada.pk}/edit/", stale_form)

    conflict = text_of(response, ".conflict")
    for value in ("Ada Mine", "Ada Theirs", ADA["phone"], "999"):
        assert value in conflict
    assert ADA["email"] not in conflict
    assert page(response).select_one("input[name=name]")["value"] == "Ada Mine"


@pytest.mark.beyond("races")
def test_whoever_has_seen_both_values_may_overwrite(learner_client, ada, stale_form):
    seen = form_data(learner_client.post(f"/clients/{ada.pk}/edit/", stale_form))
    response = learner_client.post(f"/clients/{ada.pk}/edit/", seen)

    assert response.status_code == 302
    ada.refresh_from_db()
    assert (ada.name, ada.phone) == ("Ada Mine", ADA["phone"])


@pytest.mark.beyond("races")
def test_a_change_after_both_values_were_shown_is_a_conflict_again(learner_client, ada, stale_form):
    seen = form_data(learner_client.post(f"/clients/{ada.pk}/edit/", stale_form))
    ada.name = "Ada Third"
    ada.save()
    response = learner_client.post(f"/clients/{ada.pk}/edit/", seen)

    assert response.status_code == 200
    assert "Ada Third" in text_of(response, ".conflict")
    ada.refresh_from_db()
    assert ada.name == "Ada Third"


@pytest.mark.beyond("races")
@pytest.mark.parametrize("token", ["garbage", "2024-13-45T99:99", "\x00", "9" * 5000, "2020-01-01T00:00:00"])
def test_a_tampered_time_of_opening_overwrites_nothing(learner_client, ada, token):
    sent = form_data(learner_client.get(f"/clients/{ada.pk}/edit/"), name="Ada Mine", updated_at=token)
    response = learner_client.post(f"/clients/{ada.pk}/edit/", sent)

    assert response.status_code == 200
    ada.refresh_from_db()
    assert ada.name == ADA["name"]


@pytest.mark.beyond("races")
def test_a_save_between_validating_and_saving_is_a_conflict_too(learner_client, ada, monkeypatch):
    address = f"/clients/{ada.pk}/edit/"
    sent = form_data(learner_client.get(address), name="Ada Mine")

    def rival() -> None:
        theirs = Client.objects.get()
        theirs.name = "Ada Theirs"
        theirs.save()

    rival_comes_after_validation(monkeypatch, rival)
    response = learner_client.post(address, sent)

    assert response.status_code == 200
    conflict = text_of(response, ".conflict")
    assert "Ada Mine" in conflict
    assert "Ada Theirs" in conflict
    ada.refresh_from_db()
    assert ada.name == "Ada Theirs"


@pytest.mark.beyond("races")
def test_a_client_deleted_between_validating_and_saving_is_gone(learner_client, ada, monkeypatch):
    address = f"/clients/{ada.pk}/edit/"
    sent = form_data(learner_client.get(address), name="Ada Mine")
    rival_comes_after_validation(monkeypatch, lambda: Client.objects.all().delete())

    assert_gone(learner_client.post(address, sent))
    assert not Client.objects.exists()


@pytest.mark.beyond("races")
def test_two_saves_one_after_the_other_by_the_same_person_do_not_conflict(learner_client, ada):
    address = f"/clients/{ada.pk}/edit/"
    for name in ("Ada First", "Ada Second"):
        assert (
            learner_client.post(address, form_data(learner_client.get(address), name=name)).status_code == 302
        )
    ada.refresh_from_db()
    assert ada.name == "Ada Second"


@pytest.mark.beyond("races")
def test_hostile_text_in_a_conflict_is_escaped(learner_client, ada, stale_form):
    stale_form["name"] = "<img id=evil src=x>"
    response = learner_client.post(f"/clients/{ada.pk}/edit/", stale_form)

    assert "<img id=evil src=x>" in text_of(response, ".conflict")
    assert not page(response).select("#evil")


@pytest.mark.beyond("races")
def test_deleting_twice_says_that_it_is_gone(learner_client, ada):
    learner_client.post(f"/clients/{ada.pk}/edit/delete/")

    assert_gone(learner_client.post(f"/clients/{ada.pk}/edit/delete/"))
