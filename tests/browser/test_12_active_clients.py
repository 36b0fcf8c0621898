"""Milestone 12 as a person does it: one click shows whom the office still owes something."""

from model_bakery import baker

from clients.models import Client, Order
from tests.browser.steps import ROWS, names


def test_the_filter_shows_clients_with_open_orders_only(browsers, expect, learner):
    for name, statuses in {"Open": ["NEW", "DONE", "NEW"], "Done": ["DONE"], "Without": []}.items():
        client = baker.make(Client, name=name, email=f"{name.lower()}@mail.test")
        for status in statuses:
            baker.make(Order, client=client, status=status)
    page = browsers.open(learner)
    page.goto("/clients/")
    assert names(page) == ["Without", "Done", "Open"]
    page.get_by_role("link", name="With open orders").click()
    expect(page.locator(ROWS)).to_have_count(1)
    assert names(page) == ["Open"]
    expect(page.get_by_role("link", name="With open orders")).to_have_attribute("aria-current", "true")
    page.get_by_role("link", name="All", exact=True).click()
    expect(page.locator(ROWS)).to_have_count(3)
