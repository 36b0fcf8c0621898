"""Milestone 19 with two browsers: a new order is there at once, also after the server was gone."""

from decimal import Decimal

import pytest
from model_bakery import baker

from clients.models import Client, Order
from tests.browser.layout import moved, places_of_everything
from tests.browser.steps import ROWS, wait_for_socket

NOTICES = "#notices .live-notice"


@pytest.fixture
def ada(milestones):
    milestones.on("order-totals")
    return baker.make(Client, name="Ada Lovelace", email="ada@mail.test")


def order_for(client, title: str) -> Order:
    return baker.make(Order, client=client, title=title, amount=Decimal("12.50"))


def test_two_browsers_see_the_order_that_a_third_person_adds(browsers, expect, ada, learner, manager):
    first, second = browsers.open(learner), browsers.open(manager)
    for page in (first, second):
        page.goto("/clients/")
        wait_for_socket(page)
    third = browsers.open(learner)
    third.goto(f"/clients/{ada.pk}/")
    third.get_by_label("Title").fill("Analytical engine")
    third.get_by_label("Amount").fill("1842.50")
    third.get_by_role("button", name="Add order").click()
    for page in (first, second):
        expect(page.locator(NOTICES)).to_contain_text(
            "New order: Analytical engine (1842.50) for Ada Lovelace"
        )
        expect(page.locator(f"{ROWS} [data-orders-count]")).to_have_text("1")
        expect(page.locator(f"{ROWS} [data-orders-total]")).to_have_text("1842.50")
    first.get_by_role("button", name="Dismiss").click()
    expect(first.locator(NOTICES)).to_have_count(0)


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("scrolled", [0, 99_999])
def test_nothing_on_the_page_moves_when_orders_come_in(
    browsers, expect, milestones, learner, width, scrolled
):
    milestones.everything()
    clients = [baker.make(Client, name=f"Person {n}", email=f"p{n}@mail.test") for n in range(14)]
    for client in clients:
        order_for(client, "The one before")
    page = browsers.open(learner, viewport={"width": width, "height": 700})
    page.goto("/clients/")
    wait_for_socket(page)
    page.evaluate("(to) => scrollTo({ top: to, behavior: 'instant' })", scrolled)
    before, top = places_of_everything(page), page.evaluate("scrollY")
    for number in range(1, 10):
        order_for(clients[-1], f"A much longer title than before, number {number}")
    for client in clients[4:10]:
        order_for(client, f"Order for {client.name}")
    expect(page.locator(f"{ROWS} [data-orders-count]").first).to_have_text("10")
    expect(page.locator(NOTICES).first).to_be_visible()
    assert moved(before, places_of_everything(page)) == []
    assert page.evaluate("scrollY") == top


def test_what_was_ordered_while_the_server_was_gone_is_told_afterwards(browsers, expect, ada, learner):
    page = browsers.open(learner)
    page.goto("/clients/")
    wait_for_socket(page)
    browsers.troubles_expected("WebSocket connection to .* failed")
    browsers.server.go()
    try:
        page.locator('#live-orders[data-live-state="closed"]').wait_for(state="attached")
        order_for(ada, "While nobody listened")
        page.wait_for_timeout(1200)
    finally:
        browsers.server.come_back()
    wait_for_socket(page)
    expect(page.locator(NOTICES)).to_contain_text("While nobody listened")
    order_for(ada, "And once more")
    expect(page.locator(NOTICES)).to_have_count(2)
    expect(page.locator(f"{ROWS} [data-orders-count]")).to_have_text("2")


def test_while_it_is_off_the_list_works_without_a_socket(browsers, expect, ada, milestones, learner):
    milestones.off("live-orders")
    page = browsers.open(learner)
    page.goto("/clients/")
    expect(page.locator("#live-orders")).to_have_count(0)
    order_for(ada, "Seen by reloading")
    page.reload()
    expect(page.locator(f"{ROWS} [data-orders-count]")).to_have_text("1")
