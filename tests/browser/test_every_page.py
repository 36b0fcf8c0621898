"""What holds on every page: WCAG 2.2 AA in light and dark, and no scrolling sideways on a phone.

That no page has an error in its console, breaks the Content-Security-Policy or asks another host is looked at in every
test of this folder (watch.py).
"""

import pytest

from stages.checking.flags import all_slugs
from tests.browser import places
from tests.browser.accessibility import violations
from tests.browser.layout import sideways
from tests.browser.steps import fill_client, wait_for_socket

# As narrow as a wide screen becomes at 400 % (WCAG 1.4.10), and narrower than any phone of today.
PHONE = {"width": 320, "height": 700}


def look(page, address: str) -> dict[str, object]:
    """What is wrong with this page; nothing, hopefully."""
    page.goto(address)
    return wrong_with(page, address)


def wrong_with(page, name: str) -> dict[str, object]:
    page.wait_for_load_state("networkidle" if name == "/" else "load")
    wrong: dict[str, object] = {}
    if found := violations(page):
        wrong[name] = found
    wide = page.viewport_size
    page.set_viewport_size(PHONE)
    if (pixels := sideways(page)) > 0:
        wrong[f"{name} on a phone"] = f"{pixels} pixels too wide"
    page.set_viewport_size(wide)
    return wrong


def look_at_all(page, addresses) -> dict[str, object]:
    return {key: value for address in addresses for key, value in look(page, address).items()}


def test_a_dashboard_whose_orders_are_still_being_counted(browsers, milestones, manager, monkeypatch):
    monkeypatch.setattr("clients.dashboard.views.order_figures", lambda: None)
    page = browsers.open(manager)
    assert look_at_all(page, ["/"]) == {}
    assert "Counting the orders" in page.text_content("main")


def test_pages_of_guests_and_of_those_who_are_refused(browsers, milestones, learner):
    assert look_at_all(browsers.open(), places.of_guests()) == {}
    assert look_at_all(browsers.open(learner), places.of_learners()) == {}


def test_pages_of_an_empty_office(browsers, milestones, manager):
    page = browsers.open(manager)
    assert look_at_all(page, ["/", "/clients/", "/clients/?active=1", "/clients/merge/", "/reports/"]) == {}


def test_pages_of_a_busy_office(browsers, milestones, manager):
    client = places.fill_the_office()
    assert look_at_all(browsers.open(manager), places.of_staff(client)) == {}


def test_pages_of_switched_off_milestones(browsers, milestones, manager):
    page = browsers.open(manager)
    milestones.off("client-crud")
    assert look_at_all(page, ["/", "/clients/", "/stages/", "/stages/orders/"]) == {}
    milestones.everything()
    milestones.off(*sorted(all_slugs() - {"client-crud", "client-model"}))
    assert look_at_all(page, ["/", "/clients/", "/clients/add/", "/stages/"]) == {}


def test_refused_forms_and_what_appears_later(browsers, expect, milestones, manager):
    client = places.fill_the_office()
    page = browsers.open(manager)
    page.goto("/clients/add/")
    fill_client(page, name="", email="x@example.com")
    page.get_by_role("button", name="Add client").click()
    expect(page.locator(".has-errors")).to_have_count(2)
    wrong = wrong_with(page, "refused form")
    page.goto(f"/clients/{client.pk}/edit/")
    type(client).objects.filter(pk=client.pk).update(name="Somebody was quicker")
    client.refresh_from_db()
    client.save()
    page.get_by_role("button", name="Save changes").click()
    wrong |= wrong_with(page, "both values")
    page.goto("/clients/")
    wait_for_socket(page)
    client.orders.create(title="Live", amount="1.00")
    page.locator(".live-notice").wait_for()
    wrong |= wrong_with(page, "notice of an order")
    page.keyboard.press("Escape")
    page.locator("#open-help").click()
    wrong |= wrong_with(page, "keyboard help")
    assert wrong == {}


@pytest.mark.parametrize("address", ["/api/docs/", "/admin/clients/client/"])
def test_pages_that_others_have_drawn_break_no_rule_of_ours(browsers, expect, admin_user, address):
    """Swagger's and Django's own pages: their look is not ours, but nothing of theirs may be blocked."""
    page = browsers.open(admin_user)
    assert page.goto(address).status == 200
    expect(page.locator("h1, h2").first).to_be_visible()
