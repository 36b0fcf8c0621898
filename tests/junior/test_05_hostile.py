"""Milestone 5, beyond: what strangers do to signing in and out."""

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import identify_hasher
from django.test import Client as Browser
from django.test import override_settings
from model_bakery import baker

from clients.models import Client
from tests.fixtures import (
    PASSWORD,
    assert_sent_to_login,
    form_data,
    listed_ids,
    page,
)
from tests.logins import CRUD, LOGIN, LOGOUT, is_signed_in, log_in

FOREIGN = [
    "https://evil.test/",
    "//evil.test/",
    "///evil.test",
    "/\\evil.test",
    "http:///evil.test",
    "javascript:alert(1)",
    "https:evil.test",
    " //evil.test",
    "\\\\evil.test",
    "http://testserver@evil.test/",
    "\x00",
]


@pytest.mark.beyond("hostile")
@pytest.mark.contrast
@pytest.mark.parametrize("address", CRUD)
def test_the_login_page_is_told_where_the_guest_wanted_to_go(guest, address):
    address = address.format(pk=baker.make(Client).pk)

    assert_sent_to_login(guest.get(address), back_to=address)


@pytest.mark.beyond("hostile")
@pytest.mark.contrast
def test_a_guest_cannot_tell_which_clients_exist(guest):
    """The login page comes before the question whether there is such a client."""
    assert_sent_to_login(guest.get("/clients/4711/edit/"), back_to="/clients/4711/edit/")


@pytest.mark.beyond("hostile")
@pytest.mark.contrast
def test_the_dashboard_asks_a_guest_to_sign_in_too(guest):
    assert_sent_to_login(guest.get("/"), back_to="/")


@pytest.mark.beyond("hostile")
def test_health_stays_open_to_guests(guest):
    assert guest.get("/health/").content == b"ok"


@pytest.mark.beyond("hostile")
def test_whoever_is_signed_in_sees_the_list(learner_client):
    client = baker.make(Client)

    assert listed_ids(learner_client.get("/clients/")) == [client.pk]


@pytest.mark.beyond("hostile")
def test_a_person_whose_account_is_closed_is_a_guest_again(learner, learner_client, milestones):
    milestones.on("login-required")
    learner.is_active = False
    learner.save()

    assert_sent_to_login(learner_client.get("/clients/"), back_to="/clients/")


@pytest.mark.beyond("hostile")
@pytest.mark.contrast
def test_a_guest_comes_back_to_the_page_that_was_asked_for(guest, learner):
    asked = guest.get("/clients/?q=ada")
    assert asked.status_code == 302
    response = guest.post(
        asked["Location"], form_data(guest.get(asked["Location"]), username="learner", password=PASSWORD)
    )

    assert response["Location"] == "/clients/?q=ada"


@pytest.mark.beyond("hostile")
@pytest.mark.parametrize("target", FOREIGN)
def test_nobody_is_sent_to_a_foreign_site_after_signing_in(guest, learner, target):
    response = log_in(guest, next=target)

    assert response.status_code == 302
    assert response["Location"] == "/"


@pytest.mark.beyond("hostile")
@pytest.mark.parametrize("target", FOREIGN)
def test_a_foreign_target_in_the_address_is_refused_as_well(guest, learner, target):
    response = guest.post(LOGIN, {"username": "learner", "password": PASSWORD}, query_params={"next": target})

    assert response["Location"] == "/"


@pytest.mark.beyond("hostile")
@pytest.mark.parametrize("password", ["", "wrong", PASSWORD.upper(), PASSWORD + " x", "x" * 5000, "\x00"])
def test_a_wrong_password_signs_nobody_in(guest, learner, password):
    response = log_in(guest, password=password)

    assert response.status_code == 200
    assert not is_signed_in(guest)


@pytest.mark.beyond("hostile")
def test_a_wrong_name_and_a_wrong_password_read_the_same(guest, learner):
    def complaint(name: str) -> str:
        response = log_in(guest, username=name, password="wrong")
        return page(response).select_one(".form-errors").get_text(" ", strip=True)

    assert complaint("learner") == complaint("nobody")
    assert complaint("learner") != ""


@pytest.mark.beyond("hostile")
def test_a_hostile_user_name_is_shown_as_text(guest):
    response = log_in(guest, username='"><b id=evil>', password="wrong")

    assert page(response).select_one("input[name=username]")["value"] == '"><b id=evil>'
    assert not page(response).select("#evil")


@pytest.mark.beyond("hostile")
def test_the_password_never_comes_back(guest, learner):
    assert b"secret-guess" not in log_in(guest, password="secret-guess").content


@pytest.mark.beyond("hostile")
def test_a_closed_account_cannot_sign_in(guest, learner):
    learner.is_active = False
    learner.save()

    assert log_in(guest).status_code == 200
    assert not is_signed_in(guest)


@pytest.mark.beyond("hostile")
def test_signing_in_starts_a_new_session(guest, learner):
    """A session number that somebody has planted before is worthless afterwards."""
    guest.session.save()
    session = guest.session
    session["planted"] = True
    session.save()
    planted = session.session_key
    guest.cookies["sessionid"] = planted
    log_in(guest)

    assert is_signed_in(guest)
    assert guest.session.session_key != planted


@pytest.mark.beyond("hostile")
def test_signing_in_needs_the_csrf_token(learner):
    strict = Browser(enforce_csrf_checks=True)
    response = log_in(strict)

    assert response.status_code == 403
    assert not is_signed_in(strict)


@pytest.mark.beyond("hostile")
def test_the_session_cookie_is_out_of_reach_of_scripts(guest, learner):
    cookie = log_in(guest).cookies["sessionid"]

    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"


@pytest.mark.beyond("hostile")
def test_passwords_are_stored_by_argon2(milestones, settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    user = get_user_model().objects.create_user("somebody", password=PASSWORD)

    assert identify_hasher(user.password).algorithm == "argon2"


@pytest.mark.beyond("hostile")
@pytest.mark.contrast
def test_after_signing_out_the_list_is_closed(learner_client):
    learner_client.post(LOGOUT)

    assert_sent_to_login(learner_client.get("/clients/"), back_to="/clients/")


@pytest.mark.beyond("hostile")
def test_a_mere_link_signs_nobody_out(learner_client):
    response = learner_client.get(LOGOUT)

    assert is_signed_in(learner_client)
    assert page(response).select_one('main form[method="post"] button')


@pytest.mark.beyond("hostile")
def test_signing_out_needs_the_csrf_token(learner):
    strict = Browser(enforce_csrf_checks=True)
    strict.force_login(learner, backend="django.contrib.auth.backends.ModelBackend")

    assert strict.post(LOGOUT).status_code == 403
    assert is_signed_in(strict)


@pytest.mark.beyond("hostile")
@pytest.mark.parametrize("target", FOREIGN)
def test_nobody_is_sent_to_a_foreign_site_after_signing_out(learner_client, target):
    assert learner_client.post(LOGOUT, {"next": target})["Location"] == LOGIN


@pytest.mark.beyond("hostile")
def test_a_forged_forwarding_header_does_not_help_a_guesser(guest, learner):
    codes = [
        guest.post(
            LOGIN,
            {"username": "learner", "password": "wrong"},
            headers={"x-forwarded-for": f"192.0.2.{attempt}"},
        ).status_code
        for attempt in range(5)
    ]

    assert codes[-1] == 429


@pytest.mark.beyond("hostile")
@override_settings(TRUSTED_PROXIES=["127.0.0.1"])
def test_behind_a_trusted_proxy_each_visitor_is_told_apart(guest, learner):
    def attempt(address: str, password: str) -> int:
        sent = {"username": "learner", "password": password}
        return guest.post(LOGIN, sent, headers={"x-forwarded-for": f"203.0.113.9, {address}"}).status_code

    assert [attempt("192.0.2.1", "wrong") for _ in range(5)][-1] == 429
    assert attempt("192.0.2.2", PASSWORD) == 302
