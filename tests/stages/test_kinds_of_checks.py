"""What a check judges: by the required ones a milestone holds, the others are counted apart as further stars."""

import json

import pytest

from stages.catalog import catalog
from stages.checking.declared_checks import declared_checks_of
from stages.checking.grouping import Checks
from stages.checking.results import CHECK_KINDS, Report, Status
from stages.checking.text import of_row
from stages.entries import Kind
from stages.last_results import latest_file
from tests.fixtures import page
from tests.processes import ROOT, python
from tests.stages.samples import report, result

STAR = {"required": False, "got": "it took 7 queries"}


def rows(*results):
    return {row.milestone.slug: row for row in report(*results).rows}


# --- What counts ------------------------------------------------------------------------------------------------------
def test_a_star_that_is_missing_leaves_the_milestone_holding():
    found = rows(result("orders"), result("orders", "fail", test="test_quick", kind="scale", **STAR))[
        "orders"
    ]

    assert found.status is Status.PASS
    assert of_row(found) == [
        "pass     8 orders: required 1 of 1 · scale 0 of 1",
        "  Further stars, for which the milestone need not wait:",
        "  FAIL quick (scale)",
        "      it took 7 queries",
        "      Alone: pytest tests/middle/test_08_orders.py::test_quick",
    ]


def test_a_star_blocks_nobody_and_blames_nobody():
    found = rows(
        result("orders", "fail", kind="hostile", blame="client-crud", **STAR),
        result("client-crud"),
        result("order-totals"),
    )
    assert {slug: str(row.status) for slug, row in found.items()} == {
        "client-crud": "pass",
        "orders": "pass",
        "order-totals": "pass",
    }


def test_kinds_are_counted_in_their_order_and_what_says_none_at_the_end():
    tests = {"required": "required", "hostile": "hostile", "switch": "switch", "": "plain"}
    found = [result("orders", test=f"test_{name}", required=False, kind=kind) for kind, name in tests.items()]
    checks = Checks.of(rows(*reversed(found))["orders"])

    assert checks.count == "required 1 of 1 · switch 1 of 1 · hostile 1 of 1 · other 1 of 1"


def test_a_file_from_before_there_were_kinds_is_still_read(tmp_path):
    path = tmp_path / "results.json"
    report(result("orders", required=False), result("orders", "fail", test="test_b", required=False)).write(
        path
    )
    document = json.loads(path.read_text())
    for entry in document["results"]:
        del entry["kind"]
    path.write_text(json.dumps(document))
    (row,) = Report.read(path).rows

    assert row.status is Status.FAIL
    assert of_row(row)[0] == "FAIL     8 orders: 1 of 2 checks pass"


def test_the_file_counts_them_apart():
    found = report(
        result("orders", kind="required"), result("orders", "fail", test="test_b", kind="scale", **STAR)
    )
    (entry,) = json.loads(found.as_text())["milestones"]

    assert entry["status"] == "pass"
    assert entry["counts"] == {"required": [1, 1], "scale": [0, 1]}


def test_a_missing_star_is_seen_by_the_proof():
    assert report(result("orders")).spotless
    assert not report(
        result("orders"), result("orders", "fail", test="test_b", kind="scale", **STAR)
    ).spotless


# --- How a check says it ----------------------------------------------------------------------------------------------
@pytest.mark.parametrize("milestone", list(catalog()), ids=lambda milestone: milestone.slug)
def test_every_check_says_what_it_judges_once(milestone):
    assert {
        check.test: check.kinds for check in declared_checks_of(milestone, ROOT) if len(check.kinds) != 1
    } == {}


@pytest.mark.parametrize("milestone", list(catalog()), ids=lambda milestone: milestone.slug)
def test_every_kind_is_one_that_there_is(milestone):
    assert {kind for check in declared_checks_of(milestone, ROOT) for kind in check.kinds} <= set(CHECK_KINDS)


def test_the_nearest_marker_counts(tmp_path):
    file = tmp_path / "tests" / "middle" / "test_08_orders.py"
    file.parent.mkdir(parents=True)
    file.write_text(
        "import pytest\n\npytestmark = [pytest.mark.django_db, pytest.mark.beyond('races')]\n\n"
        "def test_a():\n    pass\n\n@pytest.mark.switch\ndef test_b():\n    pass\n\n"
        "@pytest.mark.required\n@pytest.mark.contrast\ndef test_c():\n    pass\n\n"
        "@pytest.mark.switch\n@pytest.mark.beyond('scale')\ndef test_d():\n    pass\n"
    )
    found = {check.name: check.kinds for check in declared_checks_of(catalog().get("orders"), tmp_path)}
    assert found == {
        "test_a": ("races",),
        "test_b": ("switch",),
        "test_c": ("required",),
        "test_d": ("switch", "scale"),
    }


def test_a_real_run_writes_the_kinds_down(tmp_path):
    path = tmp_path / "results.json"
    ended = python("-m", "pytest", "-q", "tests/junior/test_00_start.py", "--results", str(path))
    assert ended.returncode == 0, ended.stdout
    assert {one.kind for one in Report.read(path).results} >= {"required", "switch", Kind.OUTAGES}


def test_the_map_and_the_page_say_the_counts(learner_client):
    found = report(
        result("orders", kind="required"), result("orders", "fail", test="test_b", kind="scale", **STAR)
    )
    found.write(latest_file())

    for address, element in (
        ("/stages/", ".last-check"),
        ("/stages/orders/", "#check-title + p .last-check"),
    ):
        shown = page(learner_client.get(address)).select_one(element)
        assert "required 1 of 1 · scale 0 of 1" in shown["title"]
