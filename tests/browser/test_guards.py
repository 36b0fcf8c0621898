"""Every guard of this folder is seen to fail. What no page may do at all has its own file: test_watch.py."""

import pytest

from tests.browser import chromium
from tests.browser.accessibility import violations
from tests.browser.layout import broken, covered, cut_off, moved, places_of_everything, sideways
from tests.browser.reading import PUT_ON, READINGS, Reader, Reading
from tests.browser.steps import tab_to

PHONE = {"width": 320, "height": 700}
SIZE_OF_TEXT = """
(element) => {
  const range = document.createRange();
  range.selectNodeContents(element);
  const { width, height } = range.getBoundingClientRect();
  return `${width} x ${height}`;
}
"""


@pytest.fixture
def page(browsers, milestones):
    """A page that holds, as small as they come."""
    page = browsers.open(viewport=PHONE)
    page.goto("/accounts/login/")
    assert broken(page) == {}
    return page


def style(page, rules: str) -> None:
    """As if a stylesheet of ours said so; a <style> would be refused by the policy."""
    page.evaluate(PUT_ON, rules)


def test_without_a_browser_nothing_passes(monkeypatch):
    monkeypatch.setattr(chromium, "EXECUTABLE", "/nowhere/chromium")
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(FileNotFoundError, match="There is no Chromium"), chromium.Chromium():
        pass


def test_axe_finds_a_picture_without_words_and_a_colour_too_pale_in_dark_only(page):
    assert violations(page) == []
    page.evaluate("document.querySelector('main').append(document.createElement('img'))")
    style(page, "@media (prefers-color-scheme: dark) { h1 { color: #333 !important; } }")
    found = violations(page)
    assert sorted({one.partition(": ")[0] + ": " + one.split(": ")[1] for one in found}) == [
        "dark: color-contrast",
        "dark: image-alt",
        "light: image-alt",
    ]


def test_a_page_that_is_wider_than_its_window_is_seen_and_what_makes_it_so(page):
    style(page, "h1 { width: 321px; }")
    assert sideways(page) > 0
    assert any("h1." in one for found in broken(page).values() for one in found)


def test_a_text_that_is_cut_off_is_seen(page):
    style(page, "h1 { height: 0.5em; overflow: hidden; }")
    assert cut_off(page) == ["Log in"]


@pytest.mark.parametrize("over", ["body::after", ".site-header"])
def test_a_control_under_something_else_is_seen(page, over):
    style(page, f'{over} {{ content: ""; position: fixed; inset: 0; z-index: 9; background: #fff; }}')
    found = covered(page)
    assert any(one.startswith("Log in (under <") for one in found), found


def test_one_pixel_that_anything_moves_by_is_seen(page):
    before = places_of_everything(page)
    assert moved(before, places_of_everything(page)) == []
    style(page, "footer { position: relative; top: 1px; }")
    assert any("site-footer" in one for one in moved(before, places_of_everything(page)))


def test_what_comes_and_pushes_the_rest_down_is_seen_outside_the_window_too(page):
    style(page, "main { padding-bottom: 3000px; }")
    before = places_of_everything(page)
    page.evaluate("document.querySelector('main').prepend('One more line')")
    assert any("site-footer" in one for one in moved(before, places_of_everything(page)))


def test_a_font_that_is_not_there_proves_nothing(page):
    with pytest.raises(AssertionError, match="No Such Font is not installed"):
        Reader(page).reads(Reading("missing", family="No Such Font"))


def test_every_way_of_reading_changes_what_is_seen(page):
    """A style that is not applied, or a size that is not followed, would let every page pass."""
    reader, sizes = Reader(page), set()
    for reading in READINGS:
        reader.reads(reading)
        sizes.add(page.locator(".site-footer p").first.evaluate(SIZE_OF_TEXT))
    assert len(sizes) == len(READINGS)


def test_a_stop_that_does_not_show_its_focus_is_seen(page):
    style(page, ":focus:focus:focus { outline: none !important; box-shadow: none !important; }")
    with pytest.raises(AssertionError, match="nobody sees that"):
        tab_to(page, "Log in")
