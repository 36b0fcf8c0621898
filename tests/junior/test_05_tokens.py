"""Milestone 5: the forms that sign in and out carry their CSRF token."""

import pytest
from django.test import Client as Browser

from tests.fixtures import PASSWORD, form_data

pytestmark = pytest.mark.beyond("hostile")

LOGIN, LOGOUT = "/accounts/login/", "/accounts/logout/"


def sent_by(browser: Browser, address: str, **typed: str):
    """The answer to the page's own form, with this typed in."""
    sent = form_data(browser.get(address), **typed)
    assert "csrfmiddlewaretoken" in sent, f"The form of {address} carries no CSRF token; one was expected."
    return browser.post(address, sent)


def test_the_forms_of_signing_in_and_out_are_enough_to_send_them(learner):
    strict = Browser(enforce_csrf_checks=True)

    assert sent_by(strict, LOGIN, username="learner", password=PASSWORD).status_code == 302
    assert "_auth_user_id" in strict.session
    assert sent_by(strict, LOGOUT).status_code == 302
    assert "_auth_user_id" not in strict.session
