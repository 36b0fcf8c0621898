"""Milestone 8 as a person does it: orders in the admin's client page, and on the client's own."""

from decimal import Decimal

from model_bakery import baker

from clients.models import Client, Order
from tests.browser.steps import MESSAGES


def test_orders_are_seen_and_edited_inline_in_the_admin(browsers, expect, admin_user):
    ada = baker.make(Client, name="Ada", email="ada@mail.test")
    order = baker.make(Order, client=ada, title="Two looms", amount=Decimal("10.00"))
    page = browsers.open(admin_user)
    page.goto(f"/admin/clients/client/{ada.pk}/change/")
    expect(page.locator("input[name=orders-0-title]")).to_have_value("Two looms")
    page.locator("input[name=orders-0-amount]").fill("12.50")
    page.locator("select[name=orders-0-status]").select_option("DONE")
    page.locator("input[name=_save]").click()
    expect(page.locator(".messagelist")).to_contain_text("was changed successfully")
    order.refresh_from_db()
    assert (order.amount, order.status) == (Decimal("12.50"), "DONE")


def test_an_order_is_added_on_the_clients_page_and_stands_on_top(browsers, expect, learner):
    ada = baker.make(Client, name="Ada", email="ada@mail.test")
    baker.make(Order, client=ada, title="First")
    page = browsers.open(learner)
    page.goto(f"/clients/{ada.pk}/")
    page.get_by_label("Title").fill("Second")
    page.get_by_label("Amount").fill("-1")
    page.get_by_role("button", name="Add order").click()
    expect(page.get_by_label("Amount")).to_be_focused()
    expect(page.locator(".has-errors")).to_contain_text("An amount cannot be negative.")
    page.get_by_label("Amount").fill("99.90")
    page.get_by_role("button", name="Add order").click()
    expect(page.locator(MESSAGES)).to_have_text("Second was added.")
    assert page.locator(".timeline .order-title").all_inner_texts() == ["Second", "First"]
    expect(page.locator(".timeline .order-amount").first).to_have_text("99.90")
