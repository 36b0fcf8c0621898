"""Everything an office does also works where no script runs."""

import pytest
from model_bakery import baker

from clients.models import Client
from tests.browser.steps import MESSAGES, ROWS, add_client, names
from tests.fixtures import PASSWORD


@pytest.fixture
def page(browsers):
    return browsers.open(java_script_enabled=False)


def log_in(page, username: str) -> None:
    page.goto("/clients/")
    page.get_by_label("Username").fill(username)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()


def test_log_in_search_turn_the_page_and_take_an_order(expect, page, learner):
    for number in range(12):
        baker.make(Client, name=f"Person {number}", email=f"p{number}@mail.test")
    log_in(page, "learner")
    expect(page.locator(ROWS)).to_have_count(10)
    page.locator("a[rel=next]").click()
    expect(page.locator(ROWS)).to_have_count(2)
    page.get_by_role("searchbox").fill("p11")
    page.get_by_role("searchbox").press("Enter")
    expect(page.locator(ROWS)).to_have_count(1)
    page.get_by_role("link", name="Person 11", exact=True).click()
    page.get_by_label("Title").fill("By hand")
    page.get_by_label("Amount").fill("5")
    page.get_by_role("button", name="Add order").click()
    expect(page.locator(".timeline .order-title")).to_have_text("By hand")


def test_a_client_is_added_and_a_wrong_address_is_explained(expect, page, learner):
    log_in(page, "learner")
    add_client(page, name="Ada", email="ada@example.com")
    expect(page.locator(".has-errors")).to_contain_text("example.com")
    add_client(page, name="Ada", email="ada@mail.test")
    expect(page.locator(MESSAGES)).to_have_text("Ada was added.")
    assert names(page) == ["Ada"]


def test_the_dashboard_has_its_figures_as_text_and_the_map_its_switches(expect, page, manager):
    log_in(page, "manager")
    page.goto("/")
    expect(page.get_by_role("heading", name="Dashboard")).to_be_visible()
    page.goto("/stages/")
    page.get_by_role("button", name="Turn off Avatar", exact=True).click()
    expect(page.locator(MESSAGES)).to_contain_text("Avatar is off.")
