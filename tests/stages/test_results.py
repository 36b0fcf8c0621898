"""The results file, and everything that is made from it."""

import json
from xml.etree.ElementTree import fromstring

import pytest
from bs4 import BeautifulSoup

from stages.catalog import Stage, catalog
from stages.checking.badges import write_badges
from stages.checking.html import write_html
from stages.checking.junit import junit
from stages.checking.markdown import markdown
from stages.checking.results import NoResultsError, Report, Status
from stages.checking.text import of_row
from tests.processes import ROOT
from tests.stages.samples import BROKEN_ORDERS, report, result

SCHEMA = json.loads((ROOT / "docs" / "results-schema.json").read_text(encoding="utf-8"))


def states(found: Report) -> dict[str, str]:
    return {row.milestone.slug: str(row.status) for row in found.rows}


def misfits(value: object, schema: dict, path: str = "$") -> list[str]:
    """Where the value does not fit: the part of JSON Schema that our own schema uses."""
    kinds = {
        "object": dict,
        "array": list,
        "string": str,
        "integer": int,
        "number": (int, float),
        "boolean": bool,
    }
    if not isinstance(value, kinds[schema["type"]]):
        return [f"{path} is no {schema['type']}"]
    if "enum" in schema and value not in schema["enum"]:
        return [f"{path}: {value!r} is none of {schema['enum']}"]
    if isinstance(value, list):
        return [
            found for n, item in enumerate(value) for found in misfits(item, schema["items"], f"{path}[{n}]")
        ]
    if not isinstance(value, dict):
        return []
    known = schema.get("properties", {})
    wrong = [f"{path}.{name} is missing" for name in schema.get("required", []) if name not in value]
    wrong += [f"{path}.{name} is not known" for name in value if name not in known]
    return wrong + [
        found
        for name in known
        if name in value
        for found in misfits(value[name], known[name], f"{path}.{name}")
    ]


# --- States -----------------------------------------------------------------------------------------------------------
def test_a_broken_milestone_is_the_only_red_one_and_what_requires_it_is_blocked():
    assert states(BROKEN_ORDERS) == {
        "client-crud": "pass",
        "avatars": "pass",
        "orders": "fail",
        "order-totals": "blocked",
        "csv-export": "blocked",
    }
    blocked = {row.milestone.slug: row.blocked_by for row in BROKEN_ORDERS.rows if row.blocked_by}
    assert blocked == {"order-totals": ("orders",), "csv-export": ("orders",)}


def test_the_checks_of_a_blocked_milestone_are_blocked_where_they_failed():
    row = next(row for row in BROKEN_ORDERS.rows if row.milestone.slug == "order-totals")

    assert [str(one.status) for one in row.results] == ["blocked", "pass"]


def test_what_failed_first_is_named_and_not_what_it_took_along():
    found = report(result("client-crud", "fail"), result("orders", "fail"), result("order-totals", "fail"))

    assert [(row.milestone.slug, row.blocked_by) for row in found.rows] == [
        ("client-crud", ()),
        ("orders", ("client-crud",)),
        ("order-totals", ("client-crud",)),
    ]


def test_an_error_of_the_checker_blocks_as_a_failure_does():
    found = report(result("orders", "error"), result("order-totals"))

    assert states(found) == {"orders": "error", "order-totals": "blocked"}
    assert found.status is Status.ERROR


def test_a_stage_is_as_bad_as_its_worst_milestone():
    assert BROKEN_ORDERS.status_of(Stage.JUNIOR) is Status.PASS
    assert BROKEN_ORDERS.status_of(Stage.MIDDLE) is Status.FAIL


# --- The file ---------------------------------------------------------------------------------------------------------
def test_what_is_written_fits_the_schema(tmp_path):
    BROKEN_ORDERS.write(tmp_path / "new folder" / "results.json")
    document = json.loads((tmp_path / "new folder" / "results.json").read_text(encoding="utf-8"))

    assert misfits(document, SCHEMA) == []
    assert [entry["status"] for entry in document["milestones"]] == [
        "pass",
        "pass",
        "fail",
        "blocked",
        "blocked",
    ]


@pytest.mark.parametrize(
    "spoil, said",
    [
        (lambda document: document.update(surprise=1), "$.surprise is not known"),
        (lambda document: document["results"][0].pop("test"), "$.results[0].test is missing"),
        (lambda document: document["results"][0].update(seconds="1"), "$.results[0].seconds is no number"),
    ],
)
def test_the_schema_refuses_what_does_not_fit(tmp_path, spoil, said):
    BROKEN_ORDERS.write(tmp_path / "results.json")
    document = json.loads((tmp_path / "results.json").read_text(encoding="utf-8"))
    spoil(document)

    assert misfits(document, SCHEMA) == [said]


def test_what_was_written_is_read_again(tmp_path):
    BROKEN_ORDERS.write(tmp_path / "one.json")
    report(result("start")).write(tmp_path / "two.json")
    both = Report.read(tmp_path / "one.json", tmp_path / "two.json")

    assert states(both) == states(BROKEN_ORDERS) | {"start": "pass"}
    assert both.about["seconds"] == 7.0


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"schema": "something else/1"}', "no json"])
def test_another_file_is_refused_with_a_reason(tmp_path, content):
    (tmp_path / "results.json").write_text(content)

    with pytest.raises(NoResultsError, match=r"results\.json"):
        Report.read(tmp_path / "results.json")


# --- Text -------------------------------------------------------------------------------------------------------------
def row_of(slug: str) -> list[str]:
    return of_row(next(row for row in BROKEN_ORDERS.rows if row.milestone.slug == slug))


def test_a_red_milestone_says_what_was_expected_what_came_and_where_to_look():
    assert row_of("orders") == [
        "FAIL     8 orders: required 1 of 2",
        "  FAIL orders are editable (required)",
        "      expected it holds: ['<Ada>'] came | `x`",
        "      Alone: pytest tests/middle/test_08_orders.py::test_orders_are_editable",
        "  Look at:",
        "      clients/admin.py:44 (OrderInline)",
        "      docs/milestones/08-orders.md",
    ]


def test_a_blocked_milestone_is_one_line():
    assert row_of("order-totals") == ["blocked  9 order-totals: waits for orders"]


def test_forty_red_checks_are_not_all_told():
    many = report(*(result("orders", "fail", test=f"test_number_{n}") for n in range(40)))

    assert of_row(many.rows[0])[-1] == "  … and 35 more"


# --- JUnit and Markdown -----------------------------------------------------------------------------------------------
def test_junit_has_a_suite_a_milestone_and_calls_blocked_checks_skipped():
    suites = {suite.get("name"): suite for suite in fromstring(junit(BROKEN_ORDERS))}

    assert {name: (s.get("tests"), s.get("failures"), s.get("skipped")) for name, s in suites.items()} == {
        "2 client-crud": ("1", "0", "0"),
        "6 avatars": ("1", "0", "0"),
        "8 orders": ("2", "1", "0"),
        "9 order-totals": ("2", "0", "1"),
        "13 csv-export": ("1", "0", "0"),
    }
    failure = suites["8 orders"].find("testcase/failure")
    assert failure.get("message") == "expected it holds: ['<Ada>'] came | `x`"


def test_junit_survives_characters_that_xml_cannot_hold():
    text = junit(report(result("orders", "fail", test="test_x[\x00\x1b]", got="\x00")))

    assert fromstring(text).tag == "testsuites"


def test_markdown_has_a_line_a_milestone_and_lets_nothing_out_of_its_code():
    text = markdown(BROKEN_ORDERS)

    assert text.startswith("### ❌ 2 of 5 milestones hold\n")
    assert "| 8 | orders | 1/2 | – | – | – | ❌ fail |" in text
    assert "| 9 | order-totals | 1/2 | – | – | – | ⏸️ blocked by orders |" in text
    assert "`expected it holds: ['<Ada>'] came | ˋxˋ`" in text
    assert text.count("<details open>") == 1


def test_markdown_tells_ten_failures_of_a_milestone_at_most():
    many = report(*(result("orders", "fail", test=f"test_number_{n}") for n in range(12)))

    assert "- … and 2 more" in markdown(many)


# --- Badges and the page ----------------------------------------------------------------------------------------------
def test_each_stage_and_milestone_gets_its_badges(tmp_path):
    write_badges(BROKEN_ORDERS, tmp_path)

    said = {path.stem: json.loads(path.read_text()) for path in tmp_path.glob("*.json")}
    assert {name: (badge["message"], badge["color"]) for name, badge in said.items()} == {
        "junior": ("2 of 2 milestones", "brightgreen"),
        "middle": ("0 of 3 milestones", "red"),
        "02-client-crud": ("passes", "brightgreen"),
        "06-avatars": ("passes", "brightgreen"),
        "08-orders": ("fails", "red"),
        "09-order-totals": ("waits for orders", "lightgrey"),
        "13-csv-export": ("waits for orders", "lightgrey"),
    }
    assert {badge["schemaVersion"] for badge in said.values()} == {1}
    assert {path.stem for path in tmp_path.glob("*.svg")} == set(said)
    drawing = BeautifulSoup((tmp_path / "08-orders.svg").read_text(), "html.parser")
    assert drawing.svg["aria-label"] == "8 orders: fails"


def test_the_committed_badges_are_those_of_the_curriculum():
    committed = {path.stem for path in (ROOT / "docs" / "badges").glob("*.svg")}
    built = {f"{milestone.number:02d}-{milestone.slug}" for milestone in catalog() if not milestone.planned}

    assert committed - {f"{milestone.number:02d}-{milestone.slug}" for milestone in catalog()} == set(Stage)
    assert built <= committed


def test_the_page_shows_state_evidence_code_and_lesson_and_needs_nothing_from_elsewhere(tmp_path):
    soup = BeautifulSoup(write_html(BROKEN_ORDERS, tmp_path).read_text(), "html.parser")

    rows = {row.select_one("th a")["href"][1:]: row["class"] for row in soup.select("main > table tbody tr")}
    assert rows["orders"] == ["fail"]
    assert rows["csv-export"] == ["blocked"]
    orders = soup.select_one("section#orders")
    assert "expected it holds: ['<Ada>'] came" in soup.select_one("section.failing li p").text
    assert "class OrderInline" in orders.text
    assert "Its page" in orders.text
    assert [section.h3.text for section in soup.select("section.failing")] == ["8. Order model"]
    addresses = [tag.get("src") or tag.get("href") for tag in soup.select("img, script, link")]
    assert "report.css" in addresses
    assert [address for address in addresses if ":" in address or address.startswith("/")] == []
    assert (tmp_path / "report.css").exists()
    assert (tmp_path / "badges" / "middle.svg").exists()
    assert states(Report.read(tmp_path / "results.json")) == states(BROKEN_ORDERS)


def test_a_screenshot_is_copied_beside_the_page(tmp_path):
    pictures = tmp_path / "docs" / "screenshots"
    pictures.mkdir(parents=True)
    (pictures / "08-orders.png").write_bytes(b"png")
    page = write_html(report(result("orders")), tmp_path / "out", root=tmp_path)

    image = BeautifulSoup(page.read_text(), "html.parser").select_one("img")
    assert image["src"] == "screenshots/08-orders.png"
    assert (tmp_path / "out" / "screenshots" / "08-orders.png").read_bytes() == b"png"
