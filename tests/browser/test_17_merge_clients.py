"""Milestone 17 as a person does it: choose two, look at what will happen, do it."""

from decimal import Decimal

from model_bakery import baker

from clients.models import Client, Order
from tests.browser.steps import MESSAGES


def test_two_entries_become_one_with_all_orders(browsers, expect, milestones, manager):
    kept = baker.make(Client, name="Ada Lovelace", email="ada@mail.test", phone="")
    double = baker.make(Client, name="A. Lovelace", email="al@mail.test", phone="+44 1")
    baker.make(Order, client=kept, title="Loom", amount=Decimal("1.00"))
    baker.make(Order, client=double, title="Engine", amount=Decimal("2.00"))
    page = browsers.open(manager)
    page.goto("/clients/")
    page.locator(".page-heading").get_by_role("button", name="Merge").click()
    page.get_by_role("link", name="Keep Ada Lovelace").click()
    page.get_by_role("link", name="Merge in A. Lovelace").click()
    orders = page.locator(".merge-preview tr", has_text="Orders")
    assert orders.locator("td").all_inner_texts() == ["1", "1", "2"]
    page.get_by_role("button", name="Merge the two").click()
    expect(page).to_have_url(f"{browsers.server.url}/clients/{kept.pk}/")
    expect(page.locator(MESSAGES)).to_have_text("A. Lovelace was merged in, with 1 order.")
    assert sorted(page.locator(".timeline .order-title").all_inner_texts()) == ["Engine", "Loom"]
    expect(page.locator(".facts")).to_contain_text("+44 1")


def test_who_is_not_staff_is_refused_and_offered_nothing(browsers, expect, learner):
    page = browsers.open(learner)
    page.goto("/clients/")
    expect(page.get_by_role("button", name="Merge")).to_have_count(0)
    assert page.goto("/clients/merge/").status == 403
    expect(page.locator("main[data-switched-off]")).to_have_count(0)
