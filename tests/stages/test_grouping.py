"""Results as people count them, and which of the red ones only follow from another milestone's."""

from dataclasses import replace
from xml.etree.ElementTree import fromstring

import pytest
from bs4 import BeautifulSoup

from stages.checking.causes import Causes
from stages.checking.grouping import Checks
from stages.checking.html import write_html
from stages.checking.junit import junit
from stages.checking.markdown import markdown
from stages.checking.prove import table
from stages.checking.results import Report
from stages.checking.text import of_row
from stages.checking.uses import used_by
from tests.processes import ROOT
from tests.stages.samples import report, result

PLACES = ("clients/search/pages.py:9 (page_of)", "docs/milestones/04-search-pagination.md")
# Three inputs of one check, a check that is not required and fails first, and one that passes.
MANY = report(
    result(
        "search-pagination",
        "fail",
        test="test_comfort",
        required=False,
        kind="comfort",
        got="no sign",
        look_at=PLACES,
    ),
    result("search-pagination", test=r"test_search[ada]", seconds=1.23456),
    result(
        "search-pagination",
        "fail",
        test=r"test_search[\u0430\u043d\u043d\u0430]",
        got="nobody came",
        look_at=PLACES,
    ),
    result("search-pagination", "fail", test=r"test_search[zo\xeb]", got="nobody came", look_at=PLACES),
    result("search-pagination"),
)


def first_row(found: Report):
    return found.rows[0]


def test_a_check_with_several_inputs_is_one_line_and_required_ones_come_first():
    assert of_row(first_row(MANY)) == [
        "FAIL     4 search-pagination: required 1 of 2 · comfort 0 of 1",
        "  FAIL search (required)",
        "      nobody came",
        "      2 of 3 inputs fail, the first: анна.",
        "      Alone: pytest tests/middle/test_08_orders.py::test_search",
        "  Further stars, for which the milestone need not wait:",
        "  FAIL comfort (comfort)",
        "      no sign",
        "      Alone: pytest tests/middle/test_08_orders.py::test_comfort",
        "  Look at:",
        "      clients/search/pages.py:9 (page_of)",
        "      docs/milestones/04-search-pagination.md",
    ]


def test_all_forms_count_alike(tmp_path):
    page = BeautifulSoup(write_html(MANY, tmp_path).read_text(encoding="utf-8"), "html.parser")
    suite = fromstring(junit(MANY)).find("testsuite")

    assert table(MANY)[0][2] == "1/3"
    assert page.select_one('td[data-heading="own"]').text == "1/3"
    assert page.select_one(".failing .meta").text == "Junior stage. required 1 of 2 · comfort 0 of 1"
    assert page.select_one("#search-pagination summary").text == "Evidence: required 1 of 2 · comfort 0 of 1"
    assert "4 Search & pagination: required 1 of 2 · comfort 0 of 1" in markdown(MANY)
    assert (suite.get("tests"), suite.get("failures")) == ("3", "2")
    assert [case.get("name") for case in suite] == ["search", "comfort", "it holds"]


def test_no_escaped_letter_is_printed_anywhere(tmp_path):
    page = write_html(MANY, tmp_path).read_text(encoding="utf-8")

    for text in (page, markdown(MANY), junit(MANY), "\n".join(of_row(first_row(MANY)))):
        assert "\\u" not in text
        assert "анна" in text


def test_the_page_says_what_fails_first_when_it_was_checked_and_rounds_seconds(tmp_path):
    page = BeautifulSoup(write_html(MANY, tmp_path).read_text(encoding="utf-8"), "html.parser")

    assert [heading.text for heading in page.select("h1, main > h2")] == [
        "0 of 1 milestones hold",
        "What fails",
        "All milestones",
    ]
    header = page.header.get_text(" ")
    assert "Commit: 5e6c891 feat: orders" in header
    assert "23 November 2026, 19:53 UTC in 4 s" in " ".join(header.split())
    assert [cell.text for cell in page.select(".evidence tbody tr:nth-child(2) td")] == [
        "own",
        "search (3 inputs)",
        "required",
        "fail",
        "1.2",
    ]
    assert page.select_one("th[scope=row]").text == "Search & pagination"
    assert page.select_one("td.stage").text == "junior"


def test_beside_a_failing_milestone_stands_no_picture(tmp_path):
    pictures = tmp_path / "docs" / "screenshots"
    pictures.mkdir(parents=True)
    (pictures / "08-orders.png").write_bytes(b"png")

    page = write_html(report(result("orders", "fail")), tmp_path / "out", root=tmp_path)

    assert "<img" not in page.read_text(encoding="utf-8")


# --- Causes -----------------------------------------------------------------------------------------------------------
def cause_of(found: Report, slug: str) -> str:
    row = next(row for row in found.rows if row.milestone.slug == slug)
    cause = Causes(found).of(row, Checks.of(row).bad[0])
    return f"{cause.milestone.slug}: {cause.why}" if cause else ""


def failed(slug: str, path: str = "tests/x.py::test_x", line: str = ""):
    return replace(result(slug, "fail", look_at=(line,) if line else ()), test=path)


PAGER = failed("search-pagination")
PAGES_OF_12 = "tests/middle/test_12_active_clients.py::test_the_filter_combines_with_search_and_pages"


@pytest.mark.parametrize(
    "red, cause",
    [
        (
            failed("active-clients", PAGES_OF_12),
            "search-pagination: the check switches that one on as well, and it fails itself",
        ),
        (
            failed("read-only-api"),
            "search-pagination: the code here uses its LargeTablePaginator, and it fails itself",
        ),
        (failed("active-clients"), ""),
    ],
)
def test_a_check_that_needs_what_fails_in_another_milestone_is_said_to_follow_from_it(red, cause):
    assert cause_of(report(PAGER, red), red.milestone) == cause


def test_an_error_from_another_milestones_code_is_said_to_come_from_there():
    line = f"clients/crud/listing.py:{line_of('clients/crud/listing.py', 'return page_of(')}"
    found = report(PAGER, failed("avatars", line=line))

    assert cause_of(found, "avatars") == f"search-pagination: the error comes from {line}, which is its code"


def test_two_milestones_that_break_at_one_line_have_one_cause():
    line = "clients/nobodys.py:7"
    found = report(failed("search-pagination", line=line), failed("avatars", line=line))

    assert cause_of(found, "avatars") == f"search-pagination: its checks break at {line} too"


def test_nothing_follows_from_what_is_green_nor_from_what_stands_on_it():
    green = result("search-pagination")

    assert cause_of(report(green, failed("read-only-api")), "read-only-api") == ""
    assert cause_of(report(failed("read-only-api"), failed("api-permissions")), "read-only-api") == ""


def test_a_consequence_is_told_in_every_form_after_what_is_to_be_mended(tmp_path):
    found = report(failed("search-pagination"), failed("active-clients", PAGES_OF_12))
    said = "Probably a consequence of milestone 4 (Search & pagination)"
    page = BeautifulSoup(write_html(found, tmp_path).read_text(encoding="utf-8"), "html.parser")

    assert said in "\n".join(of_row(found.rows[1], found))
    assert said in markdown(found)
    assert said in fromstring(junit(found))[1].find("testcase/failure").text
    assert [section.h3.text[:2] for section in page.select(".failing")] == ["4.", "12"]
    assert page.select(".failing")[1].select_one(".cause a")["href"] == "#search-pagination"


def test_what_code_uses_is_read_a_few_steps_far():
    used = used_by(["clients.api.views:ClientViewSet", "template:clients/base.html"], ROOT)

    assert {
        "clients.api.pagination:CountedPagination",
        "clients.search.large_tables:LargeTablePaginator",
    } <= used
    assert "clients.models.client:Client" in used


def line_of(path: str, text: str) -> int:
    lines = (ROOT / path).read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, 1) if text in line)
