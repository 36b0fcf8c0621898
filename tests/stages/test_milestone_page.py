"""How a milestone's page is built: its contents, the lesson before the code, and pictures that can be opened large."""

from collections import Counter

import pytest

from stages.catalog import ROOT, catalog
from stages.checking.declared_checks import declared_checks_of
from stages.checking.words import sentence
from stages.pages import lesson_html
from tests.fixtures import page

pytestmark = pytest.mark.django_db


def test_a_section_has_an_anchor_as_github_makes_it():
    lesson = lesson_html("# 1\n\n## What you build, and why\n\nText\n\n## The `with` form\n")
    assert [(heading.anchor, heading.text) for heading in lesson.headings] == [
        ("what-you-build-and-why", "What you build, and why"),
        ("the-with-form", "The with form"),
    ]
    assert '<h2 id="the-with-form">' in lesson.html


@pytest.mark.parametrize("milestone", catalog().milestones, ids=lambda milestone: milestone.slug)
def test_every_line_of_the_contents_leads_to_a_section_in_the_same_order(manager_client, milestone):
    html = page(manager_client.get(f"/stages/{milestone.slug}/"))
    ids = [element["id"] for element in html.select("[id]")]
    assert [name for name, count in Counter(ids).items() if count > 1] == []
    leads = [link["href"].removeprefix("#") for link in html.select("nav.contents a")]
    assert len(leads) > 4
    assert [name for name in ids if name in leads] == leads


def test_the_lesson_stands_before_the_hints_and_the_code(guest):
    html = page(guest.get("/stages/orders/"))
    order = [
        section.get("aria-labelledby") or section["aria-label"] for section in html.select(".about > section")
    ]
    assert order == [
        "pictures-title",
        "tasks-title",
        "practice-title",
        "The lesson",
        "hints-title",
        "code-title",
        "beyond-title",
    ]


def test_switch_check_and_contents_stand_beside_it(manager_client):
    side = page(manager_client.get("/stages/orders/")).select_one(".with-side > .side")
    assert side.select_one("#turn-off-orders") is not None
    assert "stages check orders" in side.text
    assert side.select_one("nav.contents") is not None


def test_a_picture_can_be_opened_large_without_a_script(guest):
    html = page(guest.get("/stages/orders/"))
    for name in ("off", "on"):
        large = html.select_one(f"#large-{name}[popover]")
        assert html.select_one(f"button.enlarge[popovertarget=large-{name}]") is not None
        assert large.select_one("button[popovertargetaction=hide]") is not None
        assert large.img["src"].endswith(f"08-orders-{name}.png")


def test_the_page_leads_to_where_the_milestone_is_seen_while_it_is_on(guest, milestones):
    assert (
        page(guest.get("/stages/active-clients/")).select_one(".side a[href='/clients/?active=1']")
        is not None
    )
    milestones.off("active-clients")
    assert page(guest.get("/stages/active-clients/")).select_one(".side a[href='/clients/?active=1']") is None


def test_each_entry_of_the_core_says_whose_it_is(guest):
    html = page(guest.get("/stages/search-pagination/"))
    core = html.select_one("section:has(> #code-title)")
    notes = {
        details.select_one("summary > code").text: details.select_one(".why").text
        for details in core.select("details")
    }

    assert notes["clients.querysets:ClientQuerySet.search"] == "Yours to write"
    assert notes["clients.search.pages:PER_PAGE"] == "Given"


def test_beyond_says_which_checks_show_each_kind(guest):
    html = page(guest.get("/stages/search-pagination/"))
    shown = [part.select("li") for part in html.select(".beyond .shown-by")]
    declared = [
        check
        for check in declared_checks_of(catalog().get("search-pagination"), ROOT)
        if "scale" in check.kinds
    ]

    assert len(shown) > 1
    assert [item.text.lower() for item in shown[0]] == [sentence(check.test).lower() for check in declared]
