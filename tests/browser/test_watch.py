"""The look-out of this folder: it does see what it is there for."""

import pytest


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
    page.wait_for_timeout(200)


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
    found = browsers.troubles()
    browsers.troubles_expected("")
    assert any(trouble in one for one in found), found


def test_an_error_in_the_console_and_an_uncaught_one_are_troubles(browsers, page):
    page.evaluate("console.error('said'); setTimeout(() => { throw new Error('thrown') })")
    page.wait_for_timeout(200)
    found = browsers.troubles()
    browsers.troubles_expected("")
    assert found[0] == "console: said"
    assert "thrown" in found[1]


def test_a_request_to_another_host_is_a_trouble(browsers, page):
    """A page without a policy of its own, so that the request really leaves."""
    page.goto("about:blank")
    page.evaluate("fetch('http://127.0.0.1:9/').catch(() => {})")
    page.wait_for_timeout(200)
    found = browsers.troubles()
    browsers.troubles_expected("")
    assert "outside request: http://127.0.0.1:9/" in found
