"""The map as it is drawn: two targets at each stop, and lines that keep clear of stops and words."""

import pytest
from model_bakery import baker

from tests.browser.accessibility import violations
from tests.browser.layout import sideways

WIDTHS = [960, 1024, 1280, 1440]
TARGET = 24
# Every few pixels of every line, against the circles, words and switches of the stops it does not belong to.
COLLISIONS = """
() => {
  const svg = document.querySelector(".picture-lines");
  const matrix = svg.getScreenCTM();
  const boxes = [...document.querySelectorAll(".picture .stop")].map((stop) => {
    const words = document.createRange();
    words.selectNodeContents(stop.querySelector(".stop-title"));
    const parts = [stop.querySelector(".station"), stop.querySelector("button, .stop-note")].filter(Boolean);
    const rects = [...words.getClientRects(), ...parts.map((part) => part.getBoundingClientRect())];
    return { slug: stop.dataset.stop, station: parts[0].getBoundingClientRect(), rects };
  });
  const inside = (point, box) => point.x > box.left && point.x < box.right && point.y > box.top && point.y < box.bottom;
  const found = new Set();
  for (const line of svg.querySelectorAll(".edge")) {
    const ends = [line.dataset.from, line.dataset.to];
    for (let at = 0; at < line.getTotalLength(); at += 3) {
      const point = line.getPointAtLength(at).matrixTransform(matrix);
      for (const { slug, station, rects } of boxes) {
        const own = ends.includes(slug) && inside(point, station);
        if (!own && rects.some((rect) => inside(point, rect))) found.add(`${ends.join(" to ")} runs through ${slug}`);
      }
    }
  }
  return [...found];
}
"""
OVERLAPS = """
() => {
  const rects = (selector) => [...document.querySelectorAll(selector)].map((one) => one.getBoundingClientRect());
  const answers = rects("[data-answer].switch-notice");
  const apart = (a, b) => a.right <= b.left || b.right <= a.left || a.bottom <= b.top || b.bottom <= a.top;
  return rects("main a, main button").filter((one) => answers.some((answer) => !apart(one, answer))).length;
}
"""


@pytest.fixture
def page(browsers, milestones, manager):
    return browsers.open(manager)


@pytest.mark.parametrize("width", WIDTHS)
def test_no_line_runs_through_a_stop_its_words_or_its_switch(page, width):
    page.set_viewport_size({"width": width, "height": 900})
    page.goto("/stages/")
    assert page.evaluate(COLLISIONS) == []
    assert sideways(page) <= 0


def test_a_line_through_a_stop_would_be_seen(page):
    page.goto("/stages/")
    page.evaluate("document.querySelector('.edge').setAttribute('d', 'M150 40L850 400')")
    assert page.evaluate(COLLISIONS) != []


def test_both_targets_of_a_stop_are_large_enough_and_apart(page):
    page.goto("/stages/")
    for stop in page.locator(".picture .stop:has(button)").all():
        link, switch = stop.locator("a").bounding_box(), stop.locator("button").bounding_box()
        assert min(link["width"], link["height"], switch["width"], switch["height"]) >= TARGET
        assert link["y"] + link["height"] <= switch["y"]


def test_a_stop_opens_its_page_by_mouse_and_by_keyboard(expect, page):
    page.goto("/stages/")
    page.locator("[data-stop=orders] .station").click()
    expect(page.get_by_role("heading", name="8. Order model")).to_be_visible()
    page.goto("/stages/")
    page.locator("[data-stop=avatars] a").focus()
    page.keyboard.press("Tab")
    expect(page.locator("#stop-avatars")).to_be_focused()
    page.keyboard.press("Space")
    expect(page.locator(".picture [data-answer].switch-notice")).to_have_text("Avatar is off.")
    expect(page.locator("#stop-avatars")).to_be_focused()


@pytest.mark.parametrize("button", ["#stop-client-crud", "#turn-off-client-crud"])
def test_the_answer_is_short_and_covers_nothing(expect, page, button):
    page.goto("/stages/")
    page.locator(button).click()
    said = page.locator("[data-answer].switch-notice")
    expect(said).to_have_text("Client CRUD (FBV) is off. 15 milestones wait for it.")
    assert page.evaluate(OVERLAPS) == 0
    expect(page.locator("#notices")).to_be_empty()
    expect(page.locator("#announcer")).to_contain_text("15 milestones wait")


def test_a_stage_button_asks_before_a_roll_out_is_lost(expect, page, milestones):
    flag = milestones.row("orders")
    flag.everyone, flag.percent = None, 50
    flag.save()
    page.goto("/stages/")
    page.locator("#set-map-junior").click()
    expect(page.get_by_role("heading", name="Set to Junior?")).to_be_visible()
    expect(page.locator("#ended")).to_contain_text("50 % of visitors")
    assert violations(page) == []
    page.get_by_role("button", name="Set to Junior and end it").click()
    expect(page.locator("#orders .state")).to_have_text("off")


def test_who_sees_it_is_changed_in_its_line_and_keeps_the_rules(expect, page):
    baker.make("auth.Group", name="Monday course")
    page.goto("/stages/rollout/")
    assert violations(page) == []
    page.locator("#orders").get_by_role("link", name="Edit").click()
    assert violations(page) == []
    page.get_by_label("Only these:").check()
    page.get_by_label("Monday course").check()
    page.set_viewport_size({"width": 320, "height": 700})
    assert sideways(page) <= 0
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#orders td.seen").last).to_have_text("on")
    expect(page.locator("#orders td.seen").first).to_have_text("off")


def test_a_picture_opens_large_on_a_phone_and_closes(expect, page):
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto("/stages/orders/")
    page.locator("button.enlarge[popovertarget=large-on]").click()
    large = page.locator("#large-on")
    expect(large).to_be_visible()
    assert large.locator("img").bounding_box()["width"] >= 1280
    assert sideways(page) <= 0
    assert violations(page) == []
    page.keyboard.press("Escape")
    expect(large).to_be_hidden()


def test_on_a_wide_screen_switch_and_contents_stay_beside_the_lesson(page):
    page.goto("/stages/orders/")
    page.locator("nav.contents a", has_text="Try it").click()
    lesson, contents = page.locator(".lesson").bounding_box(), page.locator("nav.contents").bounding_box()
    assert contents["x"] > lesson["x"] + lesson["width"] / 2
    assert 0 <= contents["y"] < 900
