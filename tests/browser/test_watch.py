"""The look-out of this folder: it does see what it is there for."""

import time

import pytest

from tests.browser.conftest import PATIENCE


@pytest.fixture
def page(browsers, milestones):
    page = browsers.open()
    page.goto("/accounts/login/")
    assert browsers.troubles() == []
    return page


def add(page, tag: str, **attributes: str) -> None:
    page.evaluate(
        "([tag, attributes]) => document.body.append(Object.assign(document.createElement(tag), attributes))",
        [tag, attributes],
    )


def troubles_with(browsers, page, text: str) -> list[str]:
    """The troubles as soon as one of them contains this, however slow the browser is; all of them where none does."""
    deadline = time.monotonic() + PATIENCE / 1000
    found = []
    while time.monotonic() < deadline and not any(text in one for one in found):
        page.wait_for_timeout(50)  # Playwright tells of what happened only while it waits
        found = browsers.troubles()
    browsers.troubles_expected("")
    return found


@pytest.mark.parametrize(
    "tag,attributes,trouble",
    [
        ("script", {"textContent": "1"}, "CSP violation: script-src-elem inline"),
        ("style", {"textContent": "b {}"}, "CSP violation: style-src-elem inline"),
        ("img", {"src": "http://outside.test/pixel.png"}, "CSP violation: img-src http://outside.test"),
        ("img", {"src": "/media/avatars/missing.png"}, "404: http://127.0.0.1"),
    ],
)
def test_what_is_blocked_or_missing_is_a_trouble(browsers, page, tag, attributes, trouble):
    add(page, tag, **attributes)
    found = troubles_with(browsers, page, trouble)
    assert any(trouble in one for one in found), found


def test_an_error_in_the_console_and_an_uncaught_one_are_troubles(browsers, page):
    page.evaluate("console.error('said'); setTimeout(() => { throw new Error('thrown') })")
    found = troubles_with(browsers, page, "thrown")
    assert found[0] == "console: said"
    assert "thrown" in found[1]


def test_a_request_to_another_host_is_a_trouble(browsers, page):
    """A page without a policy of its own, so that the request really leaves."""
    page.goto("about:blank")
    page.evaluate("fetch('http://127.0.0.1:9/').catch(() => {})")
    outside = "outside request: http://127.0.0.1:9/"
    assert outside in troubles_with(browsers, page, outside)
