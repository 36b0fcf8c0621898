"""The map and the milestones' pages: what they show to whom, the switches, and the Markdown and code on them."""

import os
from pathlib import Path

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse
from waffle.models import Flag

from stages.catalog import ROOT, catalog
from stages.code import MissingCode, excerpt
from stages.pages import page_html, page_of
from tests.fixtures import assert_refused, assert_sent_to_login, browser_of, page
from tests.stages.conftest import entry

pytestmark = pytest.mark.django_db


def said(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


def is_on(slug):
    return Flag.objects.get(name=slug).everyone


def words(element):
    return " ".join(element.get_text(" ").split())


# --- The map --------------------------------------------------------------------------------------------------------
def test_the_map_shows_three_stages_and_every_milestone(guest):
    html = page(guest.get("/stages/"))
    assert [section["id"] for section in html.select("section.stage")] == ["junior", "middle", "advanced"]
    rows = html.select("section.stage tbody tr")
    assert [row["id"] for row in rows] == [milestone.slug for milestone in catalog()]
    assert [row.td.text for row in rows] == [str(number) for number in range(21)]
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
    assert listing.summary.text.strip() == "clients.views.functions:client_list"
    numbers = listing.select_one(".line-numbers").text.split()
    lines = listing.select_one(".lines").text.splitlines()
    assert len(numbers) == len(lines)
    source = (ROOT / "clients/views/functions.py").read_text().splitlines()
    assert lines == source[int(numbers[0]) - 1 : int(numbers[-1])]


def test_the_page_shows_its_lesson(guest):
    lesson = page(guest.get("/stages/start/")).select_one("section.lesson")
    assert lesson.h2 is not None
    assert "/health/" in lesson.text


def test_a_planned_milestone_shows_no_code(guest, curriculum):
    curriculum(entry(90, "one", planned="true", code='["stages.nowhere:nothing"]'), real=True)
    html = page(guest.get("/stages/one/"))
    assert html.select(".code") == []
    assert "planned, not built yet" in words(html.main)


def test_code_that_was_taken_out_is_said_to_be_missing(guest, curriculum):
    curriculum(entry(90, "one", code='["stages.catalog:nothing"]'), real=True)
    missing = page(guest.get("/stages/one/")).select_one("p.code")
    assert words(missing) == "stages.catalog:nothing is not written yet: stages/catalog.py has no nothing."


def test_an_unknown_milestone_has_no_page(guest, manager_client):
    assert guest.get("/stages/nothing/").status_code == 404
    assert manager_client.post("/stages/nothing/switch/", {"to": "on"}).status_code == 404
    assert manager_client.post("/stages/set/senior/").status_code == 404


# --- The switch -----------------------------------------------------------------------------------------------------
def test_staff_switch_off_and_on_and_come_back_to_where_they_were(manager_client, milestones):
    response = manager_client.post("/stages/avatars/switch/", {"to": "off", "next": "/clients/?q=anna"})
    assert (response.status_code, response["Location"]) == (302, "/clients/?q=anna")
    assert said(response) == ["Turned off: Avatar."]
    assert not is_on("avatars")
    response = manager_client.post("/stages/avatars/switch/", {"to": "on"})
    assert response["Location"] == "/stages/avatars/"
    assert said(response)[-1] == "Turned on: Avatar."
    assert is_on("avatars")


def test_turning_on_says_what_came_with_it(manager_client, milestones):
    milestones.off("client-crud", "avatars")
    response = manager_client.post("/stages/avatars/switch/", {"to": "on", "next": "/stages/"}, follow=True)
    assert words(page(response).select_one("#messages")) == "Turned on: Client CRUD (FBV), Avatar."


def test_turning_off_says_what_waits_now(manager_client, milestones):
    milestones.only("avatars")
    response = manager_client.post("/stages/client-crud/switch/", {"to": "off"})
    assert said(response) == ["Turned off: Client CRUD (FBV). Waiting for it now: Avatar."]


def test_staff_set_a_stage(manager_client, milestones):
    response = manager_client.post("/stages/set/junior/", {"next": "/stages/"})
    assert (response.status_code, response["Location"]) == (302, "/stages/")
    assert said(response)[0].startswith("Turned off: ")
    assert (is_on("avatars"), is_on("orders")) == (True, False)


@pytest.mark.parametrize("url", ["/stages/avatars/switch/", "/stages/set/junior/"])
def test_nobody_else_can_switch(guest, learner_client, url):
    assert_sent_to_login(guest.post(url, {"to": "off", "next": "/stages/avatars/"}), "/stages/avatars/")
    assert_refused(learner_client.post(url, {"to": "off"}))
    assert is_on("avatars")
    assert is_on("orders")


@pytest.mark.parametrize("url", ["/stages/avatars/switch/", "/stages/set/junior/"])
def test_a_link_cannot_switch(manager_client, url):
    assert manager_client.get(url, {"to": "off"}).status_code == 405


def test_another_site_cannot_switch(manager, milestones):
    browser = Client(enforce_csrf_checks=True)
    browser.cookies = browser_of(manager).cookies
    assert browser.post("/stages/avatars/switch/", {"to": "off"}).status_code == 403
    assert is_on("avatars")


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.test/", "//evil.test", "javascript:alert(1)", "\\\\evil.test", ""]
)
def test_nobody_is_sent_to_another_site(manager_client, elsewhere):
    response = manager_client.post("/stages/avatars/switch/", {"to": "off", "next": elsewhere})
    assert response["Location"] == "/stages/avatars/"


@pytest.mark.parametrize("sent", [{}, {"to": ""}, {"to": "maybe"}])
def test_a_switch_without_a_direction_changes_nothing(manager_client, milestones, sent):
    assert manager_client.post("/stages/avatars/switch/", sent).status_code == 400
    assert is_on("avatars")


def test_what_has_no_switch_answers_409(manager_client):
    html = page(manager_client.post("/stages/start/switch/", {"to": "off"}), status=409)
    assert words(html.select_one("[role=alert]")) == "Start has no switch: everything else stands on it."


@pytest.mark.parametrize("url", ["/stages/login-required/switch/", "/stages/set/junior/"])
def test_a_locked_profile_refuses_with_409(manager_client, settings, url):
    settings.CRM_LOCKED = True
    html = page(manager_client.post(url, {"to": "off"}), status=409)
    assert "locked here" in words(html.select_one("[role=alert]"))
    assert html.select(".switch") == []
    assert is_on("login-required")


# --- Markdown -------------------------------------------------------------------------------------------------------
def test_the_text_adds_no_second_title_to_its_page():
    assert page_html("# A\n\n## B\n\n# C") == "<h2>B</h2>\n<h2>C</h2>\n"
    assert page_html("A\n\n# B") == "<p>A</p>\n<h2>B</h2>\n"
    assert page_html("") == ""


def test_a_link_to_another_milestones_file_leads_to_its_page():
    html = page_html("[8](08-orders.md), [9](./09-order-totals.md#sums), [x](99-none.md)")
    assert 'href="/stages/orders/"' in html
    assert 'href="/stages/order-totals/#sums"' in html
    assert 'href="99-none.md"' in html


def test_markup_and_scripts_in_a_page_do_nothing():
    html = page_html(
        "<script>alert(1)</script>\n\n[x](javascript:alert(1)) ![i](http://evil.test/i.png) <b onclick=x>b</b>"
    )
    assert "<script" not in html
    assert "href" not in html
    assert "<img" not in html
    assert "<b " not in html


def test_tables_and_code_are_kept():
    html = page_html("|a|b|\n|:-|-:|\n|`1`|2|\n\n```python\nx = 1 < 2\n```")
    assert "<table>" in html
    assert "<code>1</code>" in html
    assert "style" not in html
    assert "x = 1 &lt; 2" in html


def test_a_page_that_was_edited_is_rendered_anew(tmp_path):
    milestone = catalog().get("start")
    path = tmp_path / milestone.path_doc
    assert page_of(milestone, tmp_path) is None
    path.parent.mkdir(parents=True)
    path.write_text("one")
    assert page_of(milestone, tmp_path) == "<p>one</p>\n"
    path.write_text("two")
    os.utime(path, ns=(1, 1))
    assert page_of(milestone, tmp_path) == "<p>two</p>\n"


# --- Code -----------------------------------------------------------------------------------------------------------
SOURCE = '''"""A module."""

LIMIT: int = 3
a = b = 1
(c, d) = (1, 2)


class Box:
    size = 4

    @property
    @staticmethod
    def lid():
        text = """
    kept
"""
        return text


async def wait():
    pass
'''


@pytest.fixture
def project(tmp_path: Path) -> Path:
    package = tmp_path / "shop"
    package.mkdir()
    (package / "__init__.py").write_text("NAME = 'shop'\n")
    (package / "things.py").write_text(SOURCE)
    (package / "broken.py").write_text("x = 1\ndef (\n")
    return tmp_path


@pytest.mark.parametrize(
    "name,first,text",
    [
        ("shop.things:LIMIT", 3, "LIMIT: int = 3"),
        ("shop.things:b", 4, "a = b = 1"),
        ("shop.things:Box.size", 9, "size = 4"),
        ("shop.things:wait", 20, "async def wait():\n    pass"),
        ("shop:NAME", 1, "NAME = 'shop'"),
    ],
)
def test_a_symbol_is_found_in_its_file(project, name, first, text):
    found = excerpt(name, project)
    assert (found.first, found.text) == (first, text)


def test_a_method_comes_with_its_decorators_and_without_its_indentation(project):
    found = excerpt("shop.things:Box.lid", project)
    assert (found.path, found.first, found.last) == ("shop/things.py", 11, 17)
    assert found.text.splitlines()[:3] == ["@property", "@staticmethod", "def lid():"]
    assert found.numbers == "11\n12\n13\n14\n15\n16\n17"


@pytest.mark.parametrize(
    "name,reason",
    [
        ("shop.things:Box.colour", "shop/things.py has no Box.colour."),
        ("shop.things:wait.inner", "shop/things.py has no wait.inner."),
        ("shop.things:LIMIT.x", "shop/things.py has no LIMIT.x."),
        ("shop.things:c", "shop/things.py has no c."),
        ("shop.things:", "shop/things.py has no ."),
        ("shop.nothing:x", "There is no module shop.nothing."),
        ("shop.broken:x", "shop/broken.py has a syntax error in line 2."),
        ("template:shop/nothing.html", "There is no template shop/nothing.html."),
        ("file:nothing.yml", "There is no file nothing.yml."),
        ("file:../outside.txt", "There is no file ../outside.txt."),
    ],
)
def test_code_that_is_not_there_says_where_it_was_looked_for(project, name, reason):
    (project.parent / "outside.txt").write_text("secret")
    with pytest.raises(MissingCode, match=f"^{reason.replace('.', r'[.]')}$"):
        excerpt(name, project)


def test_a_template_and_a_file_are_shown_whole():
    template = excerpt("template:stages/map.html")
    assert (template.path, template.first) == ("stages/templates/stages/map.html", 1)
    assert template.text.startswith("{% extends")
    assert excerpt("file:manage.py").path == "manage.py"


def test_the_urls_are_what_the_pages_link_to():
    assert reverse("stage-map") == "/stages/"
    assert reverse("milestone", args=["orders"]) == "/stages/orders/"
    assert reverse("milestone-switch", args=["orders"]) == "/stages/orders/switch/"
    assert reverse("stage-set", args=["junior"]) == "/stages/set/junior/"
