"""Milestone 5: only people with an account see clients, and nobody gets in by guessing."""

from urllib.parse import urlsplit

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import identify_hasher
from django.test import Client as Browser
from django.test import override_settings
from model_bakery import baker

from clients.models import Client
from tests.fixtures import (
    PASSWORD,
    assert_not_switched_off,
    assert_sent_to_login,
    form_data,
    listed_ids,
    page,
    text_of,
)
from tests.sentences import answer, people

LOGIN, LOGOUT = "/accounts/login/", "/accounts/logout/"
CRUD = ["/clients/", "/clients/add/", "/clients/{pk}/", "/clients/{pk}/edit/", "/clients/{pk}/edit/delete/"]
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


def log_in(browser: Browser, username: str = "learner", password: str = PASSWORD, **extra):
    return browser.post(LOGIN, {"username": username, "password": password, **extra})


def is_signed_in(browser: Browser) -> bool:
    return "_auth_user_id" in browser.session


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


@pytest.mark.beyond("hostile")
@pytest.mark.contrast
@pytest.mark.parametrize("address", CRUD)
def test_the_login_page_is_told_where_the_guest_wanted_to_go(guest, address):
    address = address.format(pk=baker.make(Client).pk)

    assert_sent_to_login(guest.get(address), back_to=address)


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


@pytest.mark.beyond("hostile")
@pytest.mark.contrast
def test_a_guest_cannot_tell_which_clients_exist(guest):
    """The login page comes before the question whether there is such a client."""
    assert_sent_to_login(guest.get("/clients/4711/edit/"), back_to="/clients/4711/edit/")


@pytest.mark.beyond("comfort")
@pytest.mark.contrast
def test_the_way_back_keeps_the_search(guest):
    assert_sent_to_login(guest.get("/clients/?q=ada&page=2"), back_to="/clients/?q=ada&page=2")


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


# --- Signing out ------------------------------------------------------------------------------------------------------
@pytest.mark.beyond("comfort")
def test_signing_out_ends_the_session(learner_client):
    response = learner_client.post(LOGOUT)

    assert response.status_code == 302
    assert response["Location"] == LOGIN
    assert not is_signed_in(learner_client)


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


@pytest.mark.beyond("comfort")
def test_every_page_has_the_way_out(learner_client):
    assert page(learner_client.get("/clients/")).select_one(f'header a[href="{LOGOUT}"]')


# --- Guessing ---------------------------------------------------------------------------------------------------------
def guess(browser: Browser, times: int, **who) -> list[int]:
    return [log_in(browser, password="wrong", **who).status_code for _ in range(times)]


@pytest.mark.beyond("hostile")
def test_the_fifth_wrong_password_locks_the_account(guest, learner):
    assert guess(guest, 5) == [200, 200, 200, 200, 429]


@pytest.mark.beyond("hostile")
def test_a_locked_account_refuses_the_right_password_too(guest, learner):
    guess(guest, 5)
    response = log_in(guest)

    assert response.status_code == 429
    assert not is_signed_in(guest)
    assert "Too many failed attempts" in page(response, status=429).select_one("main").get_text()


@pytest.mark.beyond("hostile")
def test_four_wrong_passwords_lock_nobody(guest, learner):
    guess(guest, 4)

    assert log_in(guest).status_code == 302


@pytest.mark.beyond("hostile")
def test_signing_in_forgives_the_wrong_passwords_before(guest, learner):
    guess(guest, 4)
    log_in(guest)
    guest.post(LOGOUT)

    assert guess(guest, 4) == [200, 200, 200, 200]


@pytest.mark.beyond("hostile")
def test_somebody_else_at_the_same_address_is_not_locked(guest, learner, manager):
    guess(guest, 5)

    assert log_in(guest, username="manager").status_code == 302


@pytest.mark.beyond("hostile")
def test_the_same_person_elsewhere_is_not_locked(guest, learner):
    guess(guest, 5)
    elsewhere = Browser(REMOTE_ADDR="192.0.2.7")

    assert log_in(elsewhere).status_code == 302


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


@pytest.mark.beyond("hostile")
def test_a_locked_account_stays_signed_in_where_it_already_was(guest, learner, learner_client):
    guess(guest, 5)

    assert learner_client.get("/clients/").status_code == 200


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
