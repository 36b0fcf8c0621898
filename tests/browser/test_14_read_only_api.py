"""Milestone 14 as a person meets it: the documentation in the browser, and trying a call there."""

from model_bakery import baker

from clients.models import Client


def test_the_documentation_is_drawn_and_a_call_can_be_tried(browsers, expect, learner):
    baker.make(Client, name="Ada", email="ada@mail.test")
    page = browsers.open(learner)
    page.goto("/api/docs/")
    operation = page.locator(".opblock-get", has_text="/api/clients/").first
    operation.locator(".opblock-summary-control").first.click()
    operation.get_by_role("button", name="Try it out").click()
    operation.get_by_role("button", name="Execute").click()
    expect(operation.locator(".live-responses-table")).to_contain_text("ada@mail.test")


def test_while_it_is_off_the_answer_says_which_milestone_is_missing(browsers, expect, milestones):
    milestones.off("read-only-api")
    page = browsers.open()
    assert page.goto("/api/clients/").status == 404
    expect(page.locator("body")).to_contain_text("read-only-api")
