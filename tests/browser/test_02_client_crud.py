"""Milestone 2 as a person does it: add, correct and remove a client, and be told each time."""

import pytest
from model_bakery import baker

from clients.models import Client
from tests.browser.steps import MESSAGES, ROWS, add_client, fill_client, names


@pytest.fixture
def page(browsers, learner):
    return browsers.open(learner)


def test_a_client_that_is_added_stands_in_the_list_with_a_message(browsers, expect, page):
    add_client(page, name="Ada Lovelace", email="ada@mail.test", phone="+44 20 7946 0000")
    expect(page).to_have_url(f"{browsers.server.url}/clients/")
    expect(page.locator(MESSAGES)).to_have_text("Ada Lovelace was added.")
    expect(page.locator(f"{ROWS} .phone-cell")).to_have_text("+44 20 7946 0000")
    page.reload()
    expect(page.locator(MESSAGES)).to_have_text("")
    assert names(page) == ["Ada Lovelace"]


def test_a_client_is_corrected_and_then_deleted(expect, page):
    baker.make(Client, name="Grace Hoper", email="grace@mail.test")
    page.goto("/clients/")
    page.get_by_role("link", name="Edit Grace Hoper").click()
    fill_client(page, name="Grace Hopper")
    page.get_by_role("button", name="Save changes").click()
    expect(page.locator(MESSAGES)).to_have_text("Grace Hopper was saved.")
    page.get_by_role("link", name="Delete Grace Hopper").click()
    page.get_by_role("button", name="Delete this client").click()
    expect(page.locator(MESSAGES)).to_have_text("Grace Hopper was deleted.")
    expect(page.get_by_role("heading", name="No clients yet")).to_be_visible()


def test_who_saves_over_a_colleague_is_shown_both_values(browsers, expect, page, manager):
    ada = baker.make(Client, name="Ada", email="ada@mail.test")
    colleague = browsers.open(manager)
    for opened in (page, colleague):
        opened.goto(f"/clients/{ada.pk}/edit/")
    for opened, name in ((colleague, "Ada Lovelace"), (page, "Ada Byron")):
        fill_client(opened, name=name)
        opened.get_by_role("button", name="Save changes").click()
    expect(page.locator(".conflict tbody tr").first).to_have_text("NameAda ByronAda Lovelace")
    page.get_by_role("button", name="Save my values").click()
    expect(page.locator(MESSAGES)).to_have_text("Ada Byron was saved.")


def test_while_it_is_off_the_page_says_how_to_turn_it_on(expect, milestones, page):
    milestones.off("client-crud")
    assert page.goto("/clients/").status == 404
    expect(page.locator("main[data-switched-off=client-crud] h1")).to_have_text("This part is switched off")
    expect(page.locator("main")).to_contain_text("python manage.py stages on client-crud")
