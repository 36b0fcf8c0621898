"""Milestone 2: what stands around the fields of a form, and where its links lead."""

import pytest
from model_bakery import baker

from clients.models import Client
from tests.fixtures import page

pytestmark = pytest.mark.beyond("comfort")


@pytest.fixture
def ada(milestones) -> Client:
    return baker.make(Client, name="Ada", email="ada@mail.com")


def links(response) -> dict[str, str]:
    """The links of the page's own part, by their text."""
    return {
        link.get_text(" ", strip=True): link["href"] for link in page(response).select("main form a[href]")
    }


@pytest.mark.contrast
def test_a_form_is_left_without_saving(learner_client, ada):
    assert links(learner_client.get("/clients/add/")) == {"Cancel": "/clients/"}
    assert links(learner_client.get(f"/clients/{ada.pk}/edit/delete/")) == {"Keep it": f"/clients/{ada.pk}/"}


@pytest.mark.contrast
def test_the_form_that_edits_leads_back_and_to_deleting(learner_client, ada):
    assert links(learner_client.get(f"/clients/{ada.pk}/edit/")) == {
        "Cancel": f"/clients/{ada.pk}/",
        "Delete this client": f"/clients/{ada.pk}/edit/delete/",
    }


@pytest.mark.contrast
def test_only_what_may_stay_empty_is_called_optional(learner_client):
    fields = page(learner_client.get("/clients/add/")).select("main form .field:has(input[type])")

    told = {field.input["name"]: "optional" in field.label.get_text() for field in fields}
    assert {name: told[name] for name in ("name", "email", "phone")} == {
        "name": False,
        "email": False,
        "phone": True,
    }


@pytest.mark.contrast
def test_the_browser_leaves_the_checking_to_the_page(learner_client):
    """Its own bubble would show one error at a time, in words that are not ours."""
    assert (
        page(learner_client.get("/clients/add/"))
        .select_one('main form[method="post"]')
        .has_attr("novalidate")
    )


@pytest.mark.contrast
def test_a_click_on_a_label_goes_to_its_field(learner_client):
    form = page(learner_client.get("/clients/add/")).select_one('main form[method="post"]')

    for field in form.select(".field"):
        assert field.label.get("for") == field.select_one("input")["id"]


@pytest.mark.contrast
def test_a_telephone_shows_the_keys_for_a_number(learner_client):
    assert page(learner_client.get("/clients/add/")).select_one("input[name=phone]")["type"] == "tel"
