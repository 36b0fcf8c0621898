"""Our own CRM through the grader: everything that can be judged holds, and what is switched off falls."""

import re
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

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


@pytest.mark.parametrize(
    "arguments, says",
    [
        (["nothing-there"], "is no folder"),
        (["README.md"], "is no folder"),
        ([], "Name one project"),
        (["--list", "nothing-there.csv"], "nothing-there.csv cannot be read: No such file"),
        (["--list", "docs"], "docs cannot be read: Is a directory"),
        (["--list", "tests/grading/projects/other/verdict.txt"], "line 1: it takes a name and a path"),
        (["--list", "requirements.txt", "--only", "4"], "--only is for one project"),
        ([".", "--python", ".venv"], ".venv is no Python"),
        ([".", "--python", "nothing-there"], "nothing-there is no Python"),
    ],
)
def test_bad_input_is_told_in_words_and_ends_with_2(arguments, says, monkeypatch, tmp_path):
    monkeypatch.chdir(ROOT)
    with pytest.raises(CommandError, match=re.escape(says)) as raised:
        call_command("stages", "grade", *arguments, "--results", str(tmp_path / "results"))
    assert raised.value.returncode == 2
