"""Milestone 16 as people see it: two of them have the list open, and neither ever sees an old one."""

from model_bakery import baker

from clients.models import Client
from tests.browser.steps import fill_client, names


def test_a_change_is_seen_by_everybodys_next_look(browsers, expect, learner, manager):
    ada = baker.make(Client, name="Ada", email="ada@mail.test")
    mine, theirs = browsers.open(learner), browsers.open(manager)
    for page in (mine, theirs, mine, theirs):
        page.goto("/clients/")
        assert names(page) == ["Ada"]
    mine.goto(f"/clients/{ada.pk}/edit/")
    fill_client(mine, name="Ada Lovelace")
    mine.get_by_role("button", name="Save changes").click()
    expect(mine.locator("#messages")).to_have_text("Ada Lovelace was saved.")
    for page in (theirs, mine):
        page.goto("/clients/")
        assert names(page) == ["Ada Lovelace"]
        expect(page.locator("#messages")).to_have_text("")
    expect(mine.locator("#current-user")).to_have_text("learner")
    expect(theirs.locator("#current-user")).to_have_text("manager")
