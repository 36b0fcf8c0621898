"""Milestone 9 as a person sees it: two columns with the right numbers."""

from decimal import Decimal

from model_bakery import baker

from clients.models import Client, Order
from tests.browser.steps import ROWS


def test_the_list_shows_how_many_orders_and_their_total(browsers, expect, milestones, learner):
    baker.make(Client, name="Nothing Yet", email="none@mail.test")
    ada = baker.make(Client, name="Ada", email="ada@mail.test")
    for amount in ("10.05", "2.95"):
        baker.make(Order, client=ada, amount=Decimal(amount))
    page = browsers.open(learner)
    page.goto("/clients/")
    expect(page.get_by_role("columnheader", name="Total amount of orders")).to_be_visible()
    assert page.locator(f"{ROWS} [data-orders-count]").all_inner_texts() == ["2", "0"]
    assert page.locator(f"{ROWS} [data-orders-total]").all_inner_texts() == ["13.00", "0.00"]
    milestones.off("order-totals")
    page.reload()
    expect(page.get_by_role("columnheader", name="Total amount of orders")).to_have_count(0)
    expect(page.locator(ROWS)).to_have_count(2)
