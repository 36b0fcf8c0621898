"""Milestone 5: only people with an account see clients, and nobody gets in by guessing."""

from urllib.parse import urlsplit

import pytest
from model_bakery import baker

from clients.models import Client
from tests.fixtures import (
    assert_not_switched_off,
    assert_sent_to_login,
    page,
    text_of,
)
from tests.logins import CRUD, LOGIN, LOGOUT, is_signed_in, log_in
from tests.sentences import answer, people


def assert_asked_to_sign_in(response) -> None:
    """Wherever they come back to afterwards: the course does not say."""
    assert_not_switched_off(response)
    target = urlsplit(response.headers.get("Location", "")).path
    assert (response.status_code, target) == (302, LOGIN), (
        f"A guest's {answer(response)}; a redirect to {LOGIN} was expected."
    )


# --- Guests are asked to sign in --------------------------------------------------------------------------------------
@pytest.mark.required
@pytest.mark.contrast
def test_a_guest_is_sent_to_the_login_page(guest):
    assert_asked_to_sign_in(guest.get("/clients/"))


@pytest.mark.required
@pytest.mark.contrast
@pytest.mark.parametrize("address", CRUD)
def test_every_page_of_clients_asks_a_guest_to_sign_in(guest, address):
    assert_asked_to_sign_in(guest.get(address.format(pk=baker.make(Client).pk)))


@pytest.mark.required
@pytest.mark.contrast
@pytest.mark.parametrize("address", CRUD[1:])
def test_a_guest_writes_nothing(guest, address):
    ada = baker.make(Client, name="Ada", email="ada@mail.com")
    response = guest.post(address.format(pk=ada.pk), {"name": "Eve", "email": "eve@mail.com"})

    assert_asked_to_sign_in(response)
    stored = Client.objects.all()
    assert [(one.name, one.email) for one in stored] == [("Ada", "ada@mail.com")], (
        f"After a guest's {answer(response)} there is {people(stored)}; Ada (ada@mail.com) alone was expected."
    )


@pytest.mark.beyond("comfort")
@pytest.mark.contrast
def test_the_way_back_keeps_the_search(guest):
    assert_sent_to_login(guest.get("/clients/?q=ada&page=2"), back_to="/clients/?q=ada&page=2")


# --- Signing in -------------------------------------------------------------------------------------------------------
@pytest.mark.beyond("comfort")
def test_the_login_page_has_a_form_with_both_fields(guest):
    form = page(guest.get(LOGIN)).select_one('main form[method="post"]')

    assert form.select_one("input[name=username]")["autocomplete"] == "username"
    password = form.select_one("input[name=password]")
    assert (password["type"], password["autocomplete"]) == ("password", "current-password")


@pytest.mark.beyond("comfort")
def test_signing_in_leads_to_the_dashboard(guest, learner):
    response = log_in(guest)

    assert response.status_code == 302
    assert response["Location"] == "/"
    assert text_of(guest.get("/"), "#current-user") == "learner"


# --- Signing out ------------------------------------------------------------------------------------------------------
@pytest.mark.beyond("comfort")
def test_signing_out_ends_the_session(learner_client):
    response = learner_client.post(LOGOUT)

    assert response.status_code == 302
    assert response["Location"] == LOGIN
    assert not is_signed_in(learner_client)


@pytest.mark.beyond("comfort")
def test_every_page_has_the_way_out(learner_client):
    assert page(learner_client.get("/clients/")).select_one(f'header a[href="{LOGOUT}"]')


# --- Off --------------------------------------------------------------------------------------------------------------
@pytest.mark.switch
@pytest.mark.parametrize("address", CRUD)
def test_off_every_page_is_open(guest, milestones, address):
    milestones.off("login-required")

    assert guest.get(address.format(pk=baker.make(Client).pk)).status_code == 200


@pytest.mark.switch
def test_off_a_guest_adds_a_client(guest, milestones):
    milestones.off("login-required")
    response = guest.post("/clients/add/", {"name": "Ada", "email": "ada@mail.com", "phone": ""})

    assert response.status_code == 302
    assert response["Location"] == "/clients/"
    assert Client.objects.get().name == "Ada"


@pytest.mark.switch
def test_off_signing_in_works_all_the_same(guest, learner, milestones):
    milestones.off("login-required")

    assert log_in(guest).status_code == 302
    assert text_of(guest.get("/clients/"), "#current-user") == "learner"


@pytest.mark.switch
def test_off_a_guest_has_no_name_on_the_page(guest, milestones):
    milestones.off("login-required")

    assert not page(guest.get("/clients/")).select("#current-user")


@pytest.mark.switch
def test_off_the_admin_stays_closed(guest, milestones):
    milestones.off("login-required")

    response = guest.get("/admin/clients/client/")
    assert response.status_code == 302
    assert response["Location"].startswith("/admin/login/")
