"""A milestone that is broken on purpose: it alone turns red, what requires it is blocked, the rest stays green."""

import json

import pytest
from bs4 import BeautifulSoup

from stages.catalog import catalog
from stages.checking.badges import write_badges
from stages.checking.check import Question, question, status
from stages.checking.html import write_html
from stages.checking.results import Report
from stages.checking.running import run_checks

MISTAKE = "orders:read-only-inline"
CHOSEN = ("client-crud", "orders", "order-totals", "vip-signal", "active-clients")


@pytest.fixture(scope="module")
def broken() -> Report:
    """The required checks of some milestones, with the mistake made throughout."""
    milestones = [catalog().get(slug) for slug in CHOSEN]
    return run_checks(milestones, "-n", "0", "-m", "required", "--mistake", MISTAKE)


def test_it_alone_is_red_and_what_requires_it_is_blocked(broken):
    assert {row.milestone.slug: str(row.status) for row in broken.rows} == {
        "client-crud": "pass",
        "orders": "fail",
        "order-totals": "blocked",
        "vip-signal": "pass",
        "active-clients": "blocked",
    }


def test_the_red_check_is_the_one_that_names_the_mistake(broken):
    red = sorted((result for row in broken.rows for result in row.bad), key=lambda result: result.test)

    assert [result.title for result in red if result.milestone == "orders"] == [
        "orders are editable inline",
        "orders are visible inline on the clients admin page",
    ]
    assert all(
        "clients/admin.py" in " ".join(result.look_at) for result in red if result.milestone == "orders"
    )


def test_its_job_is_red_and_theirs_is_not(broken):
    """What a CI job asks: `stages check MILESTONE --alone`. 1 is red, 3 is let through with a word."""
    asked = {slug: question([catalog().get(slug)], alone=True) for slug in CHOSEN}

    assert {slug: status(asked[slug], seen_by_job(broken, asked[slug])) for slug in CHOSEN} == {
        "client-crud": 0,
        "orders": 1,
        "order-totals": 3,
        "vip-signal": 0,
        "active-clients": 3,
    }


def seen_by_job(report: Report, asked: Question) -> Report:
    wanted = {milestone.slug for milestone in (*asked.below, *asked.asked)}
    return Report(tuple(result for result in report.results if result.milestone in wanted), report.about)


def test_its_badge_and_its_row_are_red_and_theirs_are_not(broken, tmp_path):
    write_badges(broken, tmp_path / "badges")
    said = {
        path.stem[3:]: json.loads(path.read_text())["color"]
        for path in (tmp_path / "badges").glob("[01]*.json")
    }
    soup = BeautifulSoup(write_html(broken, tmp_path / "report").read_text(), "html.parser")
    rows = {
        row.select_one("th a")["href"][1:]: row["class"][0] for row in soup.select("main > table tbody tr")
    }

    assert said == {
        "client-crud": "brightgreen",
        "orders": "red",
        "order-totals": "lightgrey",
        "vip-signal": "brightgreen",
        "active-clients": "lightgrey",
    }
    assert rows == {
        "client-crud": "pass",
        "orders": "fail",
        "order-totals": "blocked",
        "vip-signal": "pass",
        "active-clients": "blocked",
    }
