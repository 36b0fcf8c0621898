"""Our own CRM through the grader: everything that can be judged holds, and what is switched off falls."""

import sys
from pathlib import Path

import pytest

from grading.grade import graded
from stages.catalog import ROOT, catalog
from stages.checking.results import Report, Status

# Its own suite, which 7 would run, takes minutes: that it is not judged then stands in test_finding.py.
ASKED = [one.number for one in catalog() if one.number != 7]


def test_our_own_crm_holds_everything_that_can_be_judged():
    report = graded(ROOT, Path(sys.executable), ASKED)
    found: dict[Status, list[int]] = {}
    for row in report.rows:
        found.setdefault(row.status, []).append(row.milestone.number)
    assert found == {Status.PASS: [*range(7), *range(8, 20)], Status.UNJUDGED: [20]}, told(report)


def told(report: Report) -> str:
    return "\n".join(f"{one.milestone}: {one.got}" for one in report.results if one.status is not Status.PASS)


@pytest.mark.parametrize("bad", ["nothing-there", "README.md"])
def test_a_bad_path_ends_with_2(bad, tmp_path):
    from django.core.management import CommandError, call_command

    with pytest.raises(CommandError, match="is no folder") as raised:
        call_command("stages", "grade", str(ROOT / bad))
    assert raised.value.returncode == 2
