"""The pages hold together on a phone however they are read: in any font, with larger text, with more room in it."""

import pytest
from model_bakery import baker

from clients.models import Client, Order
from tests.browser import places
from tests.browser.layout import broken, covered
from tests.browser.reading import READINGS, Reader
from tests.browser.steps import wait_for_socket

WIDTHS = (320, 390)
NOTICES = "#notices .live-notice"
FOCUS_IS_SEEN = """
() => {
  const one = document.activeElement;
  const { left, top, width, height } = one.getClientRects()[0];
  const there = document.elementFromPoint(left + width / 2, top + height / 2);
  return [one.innerText || one.id || one.tagName, one === document.body || one.contains(there)];
}
"""


def look(page, address: str) -> dict[str, object]:
    page.goto(address)
    page.wait_for_load_state("networkidle" if address == "/" else "load")
    return read_in_every_way(page, address)


def read_in_every_way(page, name: str) -> dict[str, object]:
    reader, found = Reader(page), {}
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 700})
        for reading in READINGS:
            reader.reads(reading)
            if wrong := broken(page):
                found[f"{name} at {width}, {reading.name}"] = wrong
    return found


def look_at_all(page, addresses) -> dict[str, object]:
    return {key: value for address in addresses for key, value in look(page, address).items()}


def test_pages_of_guests_and_of_those_who_are_refused(browsers, milestones, learner):
    assert look_at_all(browsers.open(), places.of_guests()) == {}
    assert look_at_all(browsers.open(learner), places.of_learners()) == {}


def test_pages_of_an_empty_office(browsers, milestones, manager):
    assert look_at_all(browsers.open(manager), ["/", "/clients/", "/clients/merge/", "/reports/"]) == {}


def test_pages_of_a_busy_office(browsers, milestones, manager):
    client = places.fill_the_office()
    assert look_at_all(browsers.open(manager), places.of_staff(client)) == {}


# --- Notices: they come over the page, and keep nobody from using it --------------------------------------------------
def open_list_with_notices(browsers, user, width: int):
    """The list with as many notices of live orders as are ever shown at once."""
    clients = [baker.make(Client, name=f"Person {n}", email=f"p{n}@mail.test") for n in range(12)]
    page = browsers.open(user, viewport={"width": width, "height": 700})
    page.goto("/clients/")
    wait_for_socket(page)
    for client in clients[:3]:
        baker.make(Order, client=client, title="A title that needs more than one line of a notice")
    page.locator(NOTICES).nth(2).wait_for()
    for client in clients[3:5]:
        baker.make(Order, client=client)
    page.locator(NOTICES).nth(3).wait_for()
    return page


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_every_control_can_be_clicked_while_notices_are_shown(browsers, milestones, manager, width):
    milestones.everything()
    page = open_list_with_notices(browsers, manager, width)
    reader, found = Reader(page), {}
    for reading in READINGS:
        reader.reads(reading)
        if wrong := broken(page):
            found[reading.name] = wrong
    assert found == {}


def test_on_a_wide_screen_notices_come_over_figures_and_no_control(browsers, milestones, manager):
    milestones.everything()
    page = open_list_with_notices(browsers, manager, 1280)
    assert covered(page, scrolls=False) == []


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_no_control_that_gets_the_focus_is_under_a_notice(browsers, milestones, manager, width):
    milestones.everything()
    page = open_list_with_notices(browsers, manager, width)
    page.evaluate("document.activeElement.blur()")
    hidden, visited = [], set()
    for _ in range(80):
        page.keyboard.press("Tab")
        name, is_hit = page.evaluate(FOCUS_IS_SEEN)
        visited.add(name)
        if not is_hit:
            hidden.append(name)
    assert hidden == []
    assert any("Keyboard shortcuts" in name for name in visited)
