"""Milestone 5 as a person does it: no way in without a login, and back to where one wanted to go."""

from tests.fixtures import PASSWORD


def log_in(page, username: str, password: str) -> None:
    page.get_by_label("Username").fill(username)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Log in").click()


def test_a_guest_logs_in_and_lands_on_the_page_that_was_asked_for(browsers, expect, learner):
    page = browsers.open()
    page.goto("/clients/add/")
    expect(page).to_have_url(f"{browsers.server.url}/accounts/login/?next=/clients/add/")
    log_in(page, "learner", PASSWORD)
    expect(page).to_have_url(f"{browsers.server.url}/clients/add/")
    expect(page.locator("#current-user")).to_have_text("learner")


def test_a_wrong_password_is_refused_and_says_so(browsers, expect, learner):
    page = browsers.open()
    page.goto("/accounts/login/")
    log_in(page, "learner", "wrong")
    expect(page.get_by_role("alert")).to_contain_text("correct username and password")
    expect(page.locator("#current-user")).to_have_count(0)


def test_after_logging_out_the_pages_are_closed_again(browsers, expect, learner):
    page = browsers.open(learner)
    page.goto("/clients/")
    page.get_by_role("link", name="Log out").click()
    page.get_by_role("button", name="Log out").click()
    expect(page.get_by_role("heading", name="Log in")).to_be_visible()
    page.goto("/clients/")
    expect(page).to_have_url(f"{browsers.server.url}/accounts/login/?next=/clients/")
