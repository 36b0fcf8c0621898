"""Milestone 5 under attack: what a login costs, how long a name may be, and one password tried against many names."""

import threading
from concurrent.futures import ThreadPoolExecutor

import argon2
import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import Argon2PasswordHasher, PBKDF2PasswordHasher, make_password
from django.test import Client as Browser

from clients.accounts import hashers
from mini_crm.settings.base import PASSWORD_HASHERS
from tests.fixtures import PASSWORD, field_errors, page

pytestmark = pytest.mark.beyond("hostile")

PAGES = ("/accounts/login/", "/admin/login/")
both_pages = pytest.mark.parametrize("address", PAGES)


def log_in(browser: Browser, username: str, password: str = "wrong", address: str = PAGES[0]):
    return browser.post(address, {"username": username, "password": password})


# --- Hashes -----------------------------------------------------------------------------------------------------------
@pytest.fixture
def real_hashers(settings):
    """The CRM's own, which other tests replace by a quick one."""
    settings.PASSWORD_HASHERS = PASSWORD_HASHERS


def parameters(encoded: str) -> tuple[str, int, int, int]:
    found = argon2.extract_parameters(encoded.removeprefix("argon2"))
    return found.type.name, found.memory_cost, found.time_cost, found.parallelism


def test_a_password_takes_nineteen_mebibytes_and_two_passes(real_hashers):
    assert parameters(make_password(PASSWORD)) == ("ID", 19456, 2, 1)


@pytest.mark.parametrize("hasher", [Argon2PasswordHasher(), PBKDF2PasswordHasher()], ids=["argon2", "pbkdf2"])
def test_an_older_hash_still_opens_the_account_and_is_made_anew(guest, learner, real_hashers, hasher):
    old = hasher.encode(PASSWORD, hasher.salt())
    get_user_model().objects.filter(pk=learner.pk).update(password=old)

    assert log_in(guest, "learner", PASSWORD).status_code == 302
    learner.refresh_from_db()
    assert parameters(learner.password) == ("ID", 19456, 2, 1)
    assert log_in(Browser(), "learner", PASSWORD).status_code == 302


@pytest.fixture
def worked_out(monkeypatch):
    """How many passwords were worked out at the same time, at most, and how many in all."""
    now, counts, lock = set(), {"most": 0, "all": 0}, threading.Lock()
    real = argon2.low_level.hash_secret

    def counted(*args, **kwargs):
        with lock:
            now.add(threading.get_ident())
            counts["most"] = max(counts["most"], len(now))
            counts["all"] += 1
        try:
            return real(*args, **kwargs)
        finally:
            with lock:
                now.discard(threading.get_ident())

    monkeypatch.setattr(argon2.low_level, "hash_secret", counted)
    return counts


def test_only_two_passwords_are_worked_out_at_once(real_hashers, worked_out):
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(make_password, ["secret"] * 16))

    assert worked_out == {"most": 2, "all": 16}


def test_an_unknown_name_costs_a_hash_as_well(guest, milestones, real_hashers, worked_out):
    log_in(guest, "nobody")

    assert worked_out["all"] == 1


@both_pages
def test_whoever_would_wait_too_long_is_asked_to_come_back(
    guest, learner, real_hashers, monkeypatch, settings, address
):
    get_user_model().objects.filter(pk=learner.pk).update(password=make_password(PASSWORD))
    monkeypatch.setattr(hashers, "PATIENCE_SECONDS", 0.01)
    settings.AXES_FAILURE_LIMIT = 1
    with hashers.turn(), hashers.turn():
        answer = log_in(guest, "learner", PASSWORD, address)

    assert answer.headers["Retry-After"] == "5"
    text = page(answer, status=503).select_one("main").get_text()
    assert "Too many people are logging in right now" in text
    assert log_in(guest, "learner", PASSWORD).status_code == 302, "it counted as a wrong password"


def test_a_turn_is_given_back_whatever_happens():
    for _ in range(5):
        with pytest.raises(ZeroDivisionError), hashers.turn():
            1 / 0  # noqa: B018


# --- Names ------------------------------------------------------------------------------------------------------------
@both_pages
@pytest.mark.parametrize("name", ["n" * 151, "n" * 100_000, "ﷺ" * 100], ids=["151", "100000", "grows"])
def test_a_name_that_no_account_can_have_is_an_error_of_the_form(guest, milestones, address, name):
    """The last of them has 100 characters, and 1,800 once Unicode's compatible forms are made the same."""
    assert "at most 150 characters" in field_errors(log_in(guest, name, address=address), "username")


def test_the_longest_name_still_gets_in(guest, learner):
    get_user_model().objects.filter(pk=learner.pk).update(username="n" * 150)

    assert log_in(guest, "n" * 150, PASSWORD).status_code == 302


# --- One password, many names -----------------------------------------------------------------------------------------
@pytest.fixture
def four_an_address(settings):
    settings.LOGIN_FAILURES_PER_ADDRESS = 4


def test_many_more_wrong_passwords_lock_an_address_than_a_name(settings):
    assert settings.LOGIN_FAILURES_PER_ADDRESS == 20 * settings.AXES_FAILURE_LIMIT


@both_pages
def test_one_password_tried_against_many_names_locks_the_address(guest, learner, four_an_address, address):
    codes = [log_in(guest, f"name-{number}", address=address).status_code for number in range(5)]

    assert codes == [200, 200, 200, 200, 429]
    locked = log_in(guest, "learner", PASSWORD)
    assert "from your network" in page(locked, status=429).select_one("main").get_text()
    assert log_in(Browser(REMOTE_ADDR="192.0.2.7"), "learner", PASSWORD).status_code == 302


def test_one_forgetful_colleague_does_not_lock_the_office(guest, learner, settings):
    settings.AXES_FAILURE_LIMIT, settings.LOGIN_FAILURES_PER_ADDRESS = 2, 4
    codes = [log_in(guest, "forgetful").status_code for _ in range(8)]

    assert codes == [200] + [429] * 7
    assert log_in(Browser(), "learner", PASSWORD).status_code == 302


def test_a_login_that_succeeds_takes_back_its_own_wrong_passwords_only(guest, learner, four_an_address):
    for name in ("one", "two", "three", "learner"):
        log_in(guest, name)
    get_user_model().objects.filter(pk=learner.pk).update(username="one")

    assert log_in(Browser(), "one", PASSWORD).status_code == 429


def test_who_knows_an_account_does_not_free_the_address_by_it(guest, learner, four_an_address):
    for name in ("one", "two", "learner"):
        log_in(guest, name)
    assert log_in(guest, "learner", PASSWORD).status_code == 302
    codes = [log_in(Browser(), f"name-{number}").status_code for number in range(3)]

    assert codes == [200, 200, 429]
