"""Milestone 5, beyond: somebody tries one password after the other."""

import pytest
from django.test import Client as Browser

from tests.fixtures import (
    page,
)
from tests.logins import LOGOUT, is_signed_in, log_in


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
def test_a_locked_account_stays_signed_in_where_it_already_was(guest, learner, learner_client):
    guess(guest, 5)

    assert learner_client.get("/clients/").status_code == 200
