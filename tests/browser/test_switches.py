"""Switching on the map, as staff do it: the very next page is the CRM without the milestone."""

import pytest
from model_bakery import baker

from clients.models import Client, Order
from tests.browser.steps import ROWS

# What of a milestone is seen on a page, and where; `{}` stands for a client's number.
SEEN = {
    "client-crud": ("/clients/", "#client-list"),
    "search-pagination": ("/clients/", "#site-search"),
    "avatars": ("/clients/", "#client-list .avatar"),
    "orders": ("/clients/{}/", ".timeline"),
    "order-totals": ("/clients/", "[data-orders-total]"),
    "active-clients": ("/clients/", "nav[aria-label=Filter]"),
    "csv-export": ("/clients/", "a[href='/clients/export.csv']"),
    "merge-clients": ("/clients/", "a[href='/clients/merge/']"),
    "monthly-report": ("/reports/", "button:has-text('Make and send')"),
    "live-orders": ("/clients/", "#live-orders"),
}


@pytest.fixture
def ada(milestones):
    ada = baker.make(Client, name="Ada", email="ada@mail.test")
    baker.make(Order, client=ada)
    return ada


def switch(page, slug: str, to: str) -> None:
    page.goto(f"/stages/{slug}/")
    page.locator(f"#turn-{to}-{slug}").click()
    said(page, f"is {to}.").wait_for()


def said(page, text: str):
    """What the switch answered: in the page beside it, so that it is seen and covers nothing."""
    return page.locator("[data-answer].switch-notice", has_text=text)


def test_the_next_page_shows_the_crm_without_the_milestone_and_later_with_it(
    browsers, expect, milestones, ada, manager
):
    page = browsers.open(manager)
    for slug, (address, seen) in SEEN.items():
        switch(page, slug, "off")
        page.goto(address.format(ada.pk))
        expect(page.locator(seen)).to_have_count(0)
        milestones.on(slug)
        page.reload()
        expect(page.locator(seen).first).to_be_attached()


def test_one_click_on_the_map_switches_and_says_what_it_did(browsers, expect, ada, manager):
    page = browsers.open(manager)
    page.goto("/stages/")
    page.locator("#stop-orders").click()
    expect(said(page, "Order model is off.")).to_contain_text("8 milestones wait for it.")
    expect(page.locator("#stop-orders")).to_be_focused()
    page.goto("/clients/")
    expect(page.locator(ROWS)).to_have_count(1)
    expect(page.locator("[data-orders-total]")).to_have_count(0)
    page.goto("/stages/")
    page.locator("#stop-orders").click()
    expect(said(page, "Order model is on.")).to_be_visible()
    page.goto("/clients/")
    expect(page.locator("[data-orders-total]")).to_have_count(1)


def test_switching_does_not_lose_the_place(browsers, expect, ada, manager):
    """The switch stays where the pointer is, although the answer makes its row higher."""
    page = browsers.open(manager)
    page.goto("/stages/")
    button = page.locator("#turn-off-live-orders")
    button.scroll_into_view_if_needed()
    before = button.bounding_box()["y"]
    assert page.evaluate("scrollY") > 0
    button.click()
    expect(page.locator("#turn-on-live-orders")).to_be_focused()
    assert page.locator("#turn-on-live-orders").bounding_box()["y"] == pytest.approx(before, abs=1)


def test_a_colleagues_next_page_is_without_it_too(browsers, expect, ada, learner, manager):
    colleague = browsers.open(learner)
    colleague.goto("/clients/")
    expect(colleague.locator("#client-list .avatar")).to_have_count(1)
    switch(browsers.open(manager), "avatars", "off")
    colleague.reload()
    expect(colleague.locator("#client-list .avatar")).to_have_count(0)


def test_who_is_not_staff_sees_the_map_but_no_switch(browsers, expect, learner):
    page = browsers.open(learner)
    page.goto("/stages/")
    expect(page.get_by_role("heading", name="Stages")).to_be_visible()
    expect(page.locator('button[name="to"]')).to_have_count(0)
