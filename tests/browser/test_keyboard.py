"""Everything by keyboard alone."""

import pytest
from model_bakery import baker

from clients.models import Client
from tests.browser.steps import MESSAGES, ROWS, focused, tab_to


@pytest.fixture
def page(browsers, learner):
    for name in ("Ada", "Grace", "Hedy"):
        baker.make(Client, name=name, email=f"{name.lower()}@mail.test")
    page = browsers.open(learner)
    page.goto("/clients/")
    return page


def test_a_slash_goes_to_the_search_and_arrows_move_through_the_list(browsers, expect, page):
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox")).to_be_focused()
    expect(page.get_by_role("searchbox")).to_have_value("")
    for key, name in (("ArrowDown", "Hedy"), ("ArrowDown", "Grace"), ("ArrowUp", "Hedy")):
        page.keyboard.press(key)
        assert focused(page) == name
    page.keyboard.press("ArrowUp")
    assert focused(page) == "site-search"
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Hedy")).to_be_visible()


def test_escape_leaves_the_search_and_closes_the_help(expect, page):
    page.keyboard.press("/")
    page.keyboard.press("Escape")
    expect(page.get_by_role("searchbox")).not_to_be_focused()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_hidden()


def test_single_keys_can_be_switched_off(expect, page):
    page.keyboard.press("?")
    page.get_by_role("switch", name="Use the single-key shortcuts").press(" ")
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox")).not_to_be_focused()


def test_the_first_tab_offers_to_skip_to_the_content(expect, page):
    page.keyboard.press("Tab")
    assert focused(page) == "Skip to the content"
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def test_a_client_is_added_without_a_mouse_and_the_focus_is_always_seen(expect, page):
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    tab_to(page, "Add client")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Add a client")).to_be_visible()
    page.get_by_role("textbox", name="Name").focus()
    page.keyboard.type("Katherine")
    page.keyboard.press("Tab")
    page.keyboard.type("katherine@mail.test")
    page.keyboard.press("Enter")
    expect(page.locator(MESSAGES)).to_have_text("Katherine was added.")
    expect(page.locator(ROWS)).to_have_count(4)
