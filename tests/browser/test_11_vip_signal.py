"""Milestone 11 as a person sees it: who comes from company.com wears the badge."""

from tests.browser.steps import ROWS, add_client


def test_only_a_client_of_the_company_gets_the_badge(browsers, expect, milestones, learner):
    milestones.on("client-crud")
    page = browsers.open(learner)
    add_client(page, name="Vera", email="vera@company.com")
    add_client(page, name="Nora", email="nora@notcompany.com")
    expect(page.locator(ROWS)).to_have_count(2)
    expect(page.locator(ROWS, has_text="Vera").locator(".badge.vip")).to_have_text("VIP")
    expect(page.locator(ROWS, has_text="Nora").locator(".badge.vip")).to_have_count(0)
