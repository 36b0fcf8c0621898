"""The map and the milestones' pages: what they show, and to whom."""

import pytest
from django.urls import reverse
from waffle.models import Flag

from stages.catalog import ROOT, catalog
from tests.fixtures import page
from tests.stages.conftest import entry

pytestmark = pytest.mark.django_db


def words(element):
    return " ".join(element.get_text(" ").split())


# --- The map --------------------------------------------------------------------------------------------------------
def test_the_map_shows_three_stages_and_every_milestone(guest):
    html = page(guest.get("/stages/"))
    assert [section["id"] for section in html.select("section.stage")] == ["junior", "middle", "advanced"]
    rows = html.select("section.stage tbody tr")
    assert [row["id"] for row in rows] == [milestone.slug for milestone in catalog()]
    assert [row.td.text for row in rows] == [str(milestone.number) for milestone in catalog()]
    assert [row.a["href"] for row in rows] == [f"/stages/{milestone.slug}/" for milestone in catalog()]


def test_the_map_shows_state_and_requirements(guest, milestones):
    milestones.off("client-crud")
    html = page(guest.get("/stages/"))
    assert words(html.select_one("#start .state")) == "always on"
    assert words(html.select_one("#client-crud .state")) == "off"
    assert words(html.select_one("#avatars .state")) == "waiting for Client CRUD (FBV)"
    assert [link["href"] for link in html.select("#client-crud td a")] == ["/stages/client-model/"]
    assert words(html.select_one("#junior .meta")) == "3 of 8 milestones are on for everyone"


def test_the_map_says_what_counts_only_for_everyone(guest):
    html = page(guest.get("/stages/"))
    noted = [row["id"] for row in html.select("tbody tr") if "counts only when on for everyone" in row.text]
    assert noted == ["vip-signal", "monthly-report"]


def test_a_guest_and_a_learner_may_read_but_find_no_switch(guest, learner_client):
    for browser in (guest, learner_client):
        for url in ("/stages/", "/stages/avatars/"):
            assert page(browser.get(url)).select(".switch") == []


def test_staff_find_a_switch_where_there_is_one(manager_client, milestones):
    milestones.off("avatars")
    html = page(manager_client.get("/stages/"))
    assert [button["value"] for button in html.select("#avatars button")] == ["on"]
    assert [button["value"] for button in html.select("#client-crud button")] == ["off"]
    assert words(html.select_one("#avatars button")) == "Turn on Avatar"
    assert html.select("#start button, #test-suite button") == []


def test_a_roll_out_says_whether_it_is_on_for_you(learner_client, manager_client):
    Flag.objects.filter(name="avatars").update(everyone=None, staff=True)
    assert "off for you" in words(page(learner_client.get("/stages/")).select_one("#avatars"))
    assert "on for you" in words(page(manager_client.get("/stages/avatars/")).main)


def test_the_map_of_a_smaller_profile_says_how_to_get_the_rest(guest, manager_client, settings):
    settings.CRM_STAGE = "junior"
    html = page(manager_client.get("/stages/"))
    assert "make demo STAGE=middle" in html.select_one("#middle .meta").text
    assert html.select("#middle .switch") == []
    assert words(html.select_one("#orders .state")) == "beyond this profile (junior)"


def test_the_map_answers_reading_only(guest):
    assert guest.post("/stages/").status_code == 405
    assert guest.head("/stages/").status_code == 200
    assert guest.post("/stages/avatars/").status_code == 405


# --- One milestone --------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("milestone", catalog().milestones, ids=lambda milestone: milestone.slug)
def test_every_milestone_has_its_page(guest, milestone):
    html = page(guest.get(f"/stages/{milestone.slug}/"))
    assert html.h1.text == f"{milestone.number}. {milestone.title}"
    assert len(html.select("h1")) == 1
    assert len(html.select("#tasks-title + ul li")) == len(milestone.tasks)
    assert html.select("[style], [onclick], main script") == []


def test_the_hints_open_one_inside_the_other(guest):
    html = page(guest.get("/stages/client-crud/"))
    hint, depth = html.select_one("details.milestone-hint"), 0
    while hint:
        depth += 1
        assert "open" not in hint.attrs
        hint = hint.find("details", recursive=False)
    assert depth == len(catalog().get("client-crud").hints)
    assert len(html.select("details.milestone-hint")) == depth


def test_the_page_says_what_it_requires_and_what_requires_it(guest):
    text = words(page(guest.get("/stages/order-totals/")).select_one("article.milestone"))
    assert "Requires Order model ." in text
    assert "Required by CSV export ." in text


def test_the_page_shows_the_code_with_its_line_numbers(guest):
    html = page(guest.get("/stages/client-crud/"))
    listing = html.select_one("details.code")
    assert listing.select_one("summary > code").text == "clients.crud.functions:client_list"
    numbers = listing.select_one(".line-numbers").text.split()
    lines = listing.select_one(".lines").text.splitlines()
    assert len(numbers) == len(lines)
    source = (ROOT / "clients/crud/functions.py").read_text().splitlines()
    assert lines == source[int(numbers[0]) - 1 : int(numbers[-1])]


def test_the_page_shows_its_lesson(guest):
    lesson = page(guest.get("/stages/start/")).select_one("section.lesson")
    assert lesson.h2 is not None
    assert "/health/" in lesson.text


def test_a_planned_milestone_shows_no_code(guest, curriculum):
    curriculum(entry(90, "one", planned="true", code='[{ shown = "stages.nowhere:nothing" }]'), real=True)
    html = page(guest.get("/stages/one/"))
    assert html.select(".code") == []
    assert "planned, not built yet" in words(html.main)


def test_code_that_was_taken_out_is_said_to_be_missing(guest, curriculum):
    curriculum(entry(90, "one", code='[{ shown = "stages.catalog:nothing" }]'), real=True)
    missing = page(guest.get("/stages/one/")).select_one("p.code")
    assert (
        words(missing) == "stages.catalog:nothing is not written yet: stages/catalog.py has no nothing. Given"
    )


def test_an_unknown_milestone_has_no_page(guest, manager_client):
    assert guest.get("/stages/nothing/").status_code == 404
    assert manager_client.post("/stages/nothing/switch/", {"to": "on"}).status_code == 404
    assert manager_client.post("/stages/set/senior/").status_code == 404


def test_the_urls_are_what_the_pages_link_to():
    assert reverse("stage-map") == "/stages/"
    assert reverse("milestone", args=["orders"]) == "/stages/orders/"
    assert reverse("milestone-switch", args=["orders"]) == "/stages/orders/switch/"
    assert reverse("stage-set", args=["junior"]) == "/stages/set/junior/"
