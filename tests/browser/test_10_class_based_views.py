"""Milestone 10 as a person sees it: nothing. The same walk on the class views and on the function views."""

import pytest

from tests.browser.steps import MESSAGES, add_client, fill_client, names


@pytest.mark.parametrize("classes", [True, False], ids=["classes", "functions"])
def test_the_same_walk_shows_the_same_pages(browsers, expect, milestones, learner, classes):
    if not classes:
        milestones.off("class-based-views")
    page = browsers.open(learner)
    add_client(page, name="Ada", email="ada@EXAMPLE.org")
    assert seen(page) == ("/clients/", "Clients – Mini CRM", "Ada was added.")
    assert names(page) == ["Ada"]
    page.get_by_role("link", name="Edit Ada").click()
    fill_client(page, name="")
    page.get_by_role("button", name="Save changes").click()
    expect(page.locator(".has-errors")).to_contain_text("This field is required.")
    fill_client(page, name="Ada Lovelace")
    page.get_by_role("button", name="Save changes").click()
    assert seen(page) == ("/clients/", "Clients – Mini CRM", "Ada Lovelace was saved.")
    page.get_by_role("link", name="Delete Ada Lovelace").click()
    page.get_by_role("button", name="Delete this client").click()
    assert seen(page) == ("/clients/", "Clients – Mini CRM", "Ada Lovelace was deleted.")


def seen(page) -> tuple[str, str, str]:
    """Path, title and message once the page is there."""
    page.wait_for_load_state()
    return page.evaluate("location.pathname"), page.title(), page.locator(MESSAGES).inner_text().strip()
