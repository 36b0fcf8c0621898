"""The map's drawing, what stands on each stop of it, and the pictures of a milestone."""

import json
import os
import struct

import pytest
from bs4 import BeautifulSoup

from stages import last_results, screenshots
from stages.catalog import catalog
from stages.picture import picture_of
from stages.states import states
from tests.fixtures import page

pytestmark = pytest.mark.django_db

EDGES = {(needed, milestone.slug) for milestone in catalog() for needed in milestone.requires}


def words(element):
    return " ".join(element.get_text(" ").split())


# --- The drawing ----------------------------------------------------------------------------------------------------
def test_every_requirement_is_a_line(guest):
    lines = page(guest.get("/stages/")).select(".picture path.edge")
    assert {(line["data-from"], line["data-to"]) for line in lines} == EDGES
    assert len(lines) == len(EDGES) == 20


def test_every_milestone_is_a_stop_with_a_link(guest):
    stops = page(guest.get("/stages/")).select(".picture .stop")
    assert [stop["data-stop"] for stop in stops] == [milestone.slug for milestone in catalog()]
    assert [stop.a["href"] for stop in stops] == [f"/stages/{milestone.slug}/" for milestone in catalog()]


def test_a_line_is_lit_while_both_ends_are_active(milestones):
    milestones.off("orders")
    lit = {(edge.source, edge.target) for edge in picture_of(states()).edges if edge.is_lit}
    assert ("client-crud", "login-required") in lit
    assert ("client-crud", "orders") not in lit
    assert ("orders", "order-totals") not in lit


def test_a_stop_opens_its_page_and_the_switch_below_it_switches(manager_client, guest, milestones):
    milestones.off("avatars")
    html = page(manager_client.get("/stages/"))
    stop, avatar = html.select_one("[data-stop=avatars]"), html.select_one("#stop-avatars")
    assert words(stop.a) == "6 Avatar"
    assert stop.a.select("button") == []
    assert (avatar["value"], words(avatar)) == ("on", "off : turn on Avatar")
    assert avatar.find_parent("a") is None
    assert avatar.parent["action"] == "/stages/avatars/switch/"
    assert html.select_one("#stop-client-crud")["value"] == "off"
    assert html.select("#stop-start") == []
    assert page(guest.get("/stages/")).select(".picture button") == []


def test_the_stop_says_what_is_not_on(guest, milestones):
    milestones.off("client-crud")
    html = page(guest.get("/stages/"))
    assert words(html.select_one("[data-stop=client-crud] .stop-note")) == "off"
    assert words(html.select_one("[data-stop=avatars] .stop-note")) == "waiting"
    assert html.select_one("[data-stop=avatars]")["data-state"] == "waiting"


# --- The last check -------------------------------------------------------------------------------------------------
@pytest.fixture
def folder(monkeypatch, tmp_path):
    monkeypatch.setattr(last_results, "ROOT", tmp_path)
    return tmp_path


def write(file, at=1_000_000, **statuses):
    file.parent.mkdir(exist_ok=True)
    entries = [{"slug": slug, "status": status} for slug, status in statuses.items()]
    file.write_text(json.dumps({"milestones": entries}))
    os.utime(file, (at, at))


def test_without_results_a_stop_says_nothing_of_checks(guest, folder):
    html = page(guest.get("/stages/"))
    assert html.select(".last-check") == []


def test_a_stop_shows_what_its_last_check_said(guest, folder):
    write(folder / "results.json", orders="fail", avatars="pass")
    html = page(guest.get("/stages/"))
    assert words(html.select_one("[data-stop=orders] .last-check")) == "checks failed"
    assert words(html.select_one("#avatars .last-check")) == "checks passed"
    assert html.select("#start .last-check") == []
    assert "Last time:" in page(guest.get("/stages/orders/")).text


def test_the_map_looks_up_each_milestone_once(manager_client, folder, monkeypatch):
    asked = []
    monkeypatch.setattr("stages.states.last_check", asked.append)
    page(manager_client.get("/stages/"))
    assert asked == [milestone.slug for milestone in catalog()]


def test_what_stages_check_kept_comes_before_the_newest_other_file(folder):
    write(folder / ".results" / "latest.json", at=1_000_000, orders="pass")
    write(folder / "results-old.json", at=2_000_000, orders="fail", avatars="fail")
    write(folder / "results.json", at=3_000_000, orders="fail", avatars="blocked")
    assert last_results.last_check("orders").status == "pass"
    assert last_results.last_check("avatars").words == "blocked by what it requires"


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"milestones": [1]}', '{"milestones": [{"slug": "orders", "status": "?"}]}']
)
def test_a_file_that_is_no_results_file_says_nothing(folder, text):
    (folder / "results.json").write_text(text)
    assert last_results.last_check("orders") is None


# --- Off and on -----------------------------------------------------------------------------------------------------
def png(file, width, height):
    file.write_bytes(b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sII", 13, b"IHDR", width, height))


def test_a_milestone_with_both_pictures_shows_them(guest, monkeypatch, tmp_path):
    monkeypatch.setattr(screenshots, "FOLDER", tmp_path)
    png(tmp_path / "08-orders-off.png", 800, 500)
    png(tmp_path / "08-orders-on.png", 800, 600)
    html: BeautifulSoup = page(guest.get("/stages/orders/"))
    images = html.select(".before-after figure > a img")
    assert [(image["src"], image["width"], image["height"]) for image in images] == [
        ("/static/screenshots/08-orders-off.png", "800", "500"),
        ("/static/screenshots/08-orders-on.png", "800", "600"),
    ]
    assert [image["alt"] for image in images] == [
        "The page with this milestone off",
        "The page with this milestone on",
    ]


def test_a_milestone_with_one_picture_or_a_broken_one_shows_none(guest, monkeypatch, tmp_path):
    monkeypatch.setattr(screenshots, "FOLDER", tmp_path)
    png(tmp_path / "08-orders-on.png", 800, 600)
    assert page(guest.get("/stages/orders/")).select(".before-after") == []
    (tmp_path / "08-orders-off.png").write_bytes(b"no picture")
    assert page(guest.get("/stages/orders/")).select(".before-after") == []
