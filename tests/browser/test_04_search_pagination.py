"""Milestone 4 as a person does it: find somebody, turn the page."""

import pytest
from model_bakery import baker

from clients.models import Client
from tests.browser.steps import ROWS, names


@pytest.fixture
def page(browsers, learner):
    for number in range(1, 13):
        baker.make(Client, name=f"Person {number}", email=f"p{number}@mail.test")
    baker.make(Client, name="Анна Павлова", email="anna@dance.test")
    page = browsers.open(learner)
    page.goto("/clients/")
    return page


def test_next_and_previous_lead_through_the_pages(expect, page):
    expect(page.locator(ROWS)).to_have_count(10)
    expect(page.locator("a[rel=prev]")).to_have_count(0)
    page.locator("a[rel=next]").click()
    expect(page.locator(ROWS)).to_have_count(3)
    assert names(page) == ["Person 3", "Person 2", "Person 1"]
    expect(page.locator("a[rel=next]")).to_have_count(0)
    page.locator("a[rel=prev]").click()
    expect(page.locator(ROWS)).to_have_count(10)


def test_the_list_follows_while_one_types_and_nothing_else_of_the_page_changes(browsers, expect, page):
    page.evaluate("document.body.dataset.same = 'yes'")
    search = page.get_by_role("searchbox")
    search.press_sequentially("анна", delay=20)
    expect(page.locator(ROWS)).to_have_count(1)
    assert names(page) == ["Анна Павлова"]
    expect(search).to_be_focused()
    expect(page.locator("#announcer")).to_have_text("1 client matching “анна”, newest first")
    expect(page).to_have_url(f"{browsers.server.url}/clients/?q=%D0%B0%D0%BD%D0%BD%D0%B0")
    assert page.evaluate("document.body.dataset.same") == "yes"
    page.reload()
    assert names(page) == ["Анна Павлова"]


def test_enter_searches_too_and_says_when_there_is_nobody(expect, page):
    search = page.get_by_role("searchbox")
    search.fill("p1")
    search.press("Enter")
    expect(page.locator("#result-summary")).to_contain_text("4 clients matching “p1”")
    assert names(page) == ["Person 12", "Person 11", "Person 10", "Person 1"]
    search.fill("zzz")
    search.press("Enter")
    expect(page.get_by_role("heading", name="Nobody matches “zzz”")).to_be_visible()
