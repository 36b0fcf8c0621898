"""Milestone 2: every form carries its CSRF token. Django's test browser does not ask for it unless it is told to."""

import pytest
from django.test import Client as Browser
from model_bakery import baker

from clients.models import Client
from tests.fixtures import assert_saved, form_data

pytestmark = pytest.mark.beyond("hostile")


@pytest.fixture
def strict(learner) -> Browser:
    """A signed-in browser that minds the token, as a real one does."""
    browser = Browser(enforce_csrf_checks=True)
    browser.force_login(learner, backend="django.contrib.auth.backends.ModelBackend")
    return browser


@pytest.mark.contrast
@pytest.mark.parametrize("path", ["/clients/add/", "/clients/{pk}/edit/", "/clients/{pk}/edit/delete/"])
def test_what_a_form_holds_is_enough_to_send_it(strict, path):
    ada = baker.make(Client, name="Ada", email="ada@mail.com")
    address = path.format(pk=ada.pk)
    sent = form_data(strict.get(address))
    assert "csrfmiddlewaretoken" in sent, f"The form of {address} carries no CSRF token; one was expected."
    typed = {"name": "Grace", "email": "grace@navy.org"} if "name" in sent else {}

    assert_saved(strict.post(address, {**sent, **typed}))
