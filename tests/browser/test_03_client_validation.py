"""Milestone 3 as a person does it: a wrong address is caught beside its field."""

from clients.models import Client
from tests.browser.steps import MESSAGES, add_client, fill_client


def test_capitals_are_stored_in_lower_case(browsers, expect, learner):
    page = browsers.open(learner)
    add_client(page, name="Shouting", email="USER@MAIL.COM")
    expect(page.locator(MESSAGES)).to_have_text("Shouting was added.")
    assert Client.objects.get().email == "user@mail.com"


def test_the_wrong_field_says_what_is_wrong_and_has_the_focus(browsers, expect, learner):
    page = browsers.open(learner)
    add_client(page, name="Nobody", email="somebody@example.com", phone="123")
    email = page.get_by_role("textbox", name="Email")
    expect(email).to_be_focused()
    expect(email).to_have_attribute("aria-invalid", "true")
    expect(page.locator(".field.has-errors")).to_contain_text("example.com")
    expect(page.get_by_role("textbox", name="Phone")).to_have_value("123")
    assert not Client.objects.exists()
    fill_client(page, email="somebody@mail.test")
    page.get_by_role("button", name="Add client").click()
    expect(page.locator(MESSAGES)).to_have_text("Nobody was added.")
