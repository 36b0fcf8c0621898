"""“Write it yourself” on a milestone's page: commands, a button that copies each, a state that comes in by itself."""

import pytest

from stages import practice_page
from stages.practice.taking_out import take_out
from tests.browser.accessibility import violations
from tests.browser.layout import sideways
from tests.stages.practice_tree import copied
from tests.stages.practice_tree import milestones as named

ADDRESS = "/stages/search-pagination/"


@pytest.fixture
def tree(tmp_path, monkeypatch):
    root = copied(tmp_path)
    monkeypatch.setattr(practice_page, "ROOT", root)
    return root


@pytest.fixture
def page(browsers, milestones, learner):
    return browsers.open(learner)


def test_the_state_comes_in_while_the_page_is_open(page, tree, expect):
    page.goto(ADDRESS)
    state = page.locator(".practice-state")
    expect(state).to_have_text("Not started")
    take_out(named("search-pagination"), tree)

    expect(state).to_contain_text("Yours", timeout=10_000)
    expect(page.locator("#practice button").first).to_be_visible()


def test_a_button_copies_its_command(page, tree, expect):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(ADDRESS)
    button = page.locator("#practice button").first
    button.click()

    expect(button).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == "python manage.py stages start 4"


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_it_fits_and_can_be_used_by_everybody(page, tree, width):
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(ADDRESS)

    assert sideways(page) <= 0
    assert violations(page) == []


def test_the_map_says_what_is_being_written(page, tree, expect):
    take_out(named("search-pagination"), tree)
    page.goto("/stages/")

    expect(page.locator("tr#search-pagination .being-written")).to_have_text("yours to write")
    page.locator(".first-quarter summary").click()
    assert violations(page) == []
