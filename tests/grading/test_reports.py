"""What becomes of a verdict: the results file, the page, the exit status. None of them says a word of our own code."""

import json

import jsonschema
import pytest
from django.core.management import call_command

from grading.checks import Check
from grading.command import status
from grading.grade import could_not, result_of
from grading.judge import judged
from grading.verdicts import Fails, NotJudged
from stages.catalog import ROOT, catalog
from stages.checking.html import write_html
from stages.checking.results import Report, Result, Status

FAILING = (3, 4, 6)


@pytest.fixture
def report() -> Report:
    """Of a project with three failures, one of which stands on another; ours would look for causes in its own code."""
    return Report(
        tuple(
            Result(
                "own",
                one.slug,
                f"grading/checks/{one.stage}.py::a_check",
                Status.FAIL if one.number in FAILING else Status.PASS,
                required=True,
                kind="required",
                expected="200" if one.number in FAILING else "",
                got="404" if one.number in FAILING else "",
                look_at=("the seed's sentence",),
            )
            for one in catalog()
        ),
        {"project": "ada", "seconds": 3.5},
    )


def test_the_results_file_keeps_to_the_schema(report):
    schema = json.loads((ROOT / "docs" / "results-schema.json").read_text())
    jsonschema.validate(json.loads(report.as_text()), schema)


def test_a_report_of_a_project_shows_none_of_our_code_and_guesses_nothing_from_it(report, tmp_path):
    report.write(tmp_path / "ada.json")
    files = {"html": tmp_path / "page", "markdown": tmp_path / "a.md", "junit": tmp_path / "a.xml"}
    call_command("stages", "report", str(tmp_path / "ada.json"), verbosity=0, **files)
    for file in (tmp_path / "page" / "index.html", tmp_path / "a.md", tmp_path / "a.xml"):
        text = file.read_text()
        assert "404" in text
        for ours in ("Probably a consequence", "clients/forms.py", "clients/models", "screenshots/"):
            assert ours not in text


def test_what_could_not_be_judged_does_not_stand_under_what_fails(tmp_path):
    results = [Result("own", "docker", "", Status.UNJUDGED, required=True, kind="required", got="no engine")]
    page = write_html(Report(tuple(results), {"project": "ada"}), tmp_path).read_text()
    assert "What fails" not in page
    assert "What could not be judged" in page
    assert "no engine" in page


def test_a_project_that_does_not_start_is_told_once(tmp_path):
    page = write_html(could_not("ada", "There is no manage.py."), tmp_path).read_text()
    assert page.count("There is no manage.py.") == 1


@pytest.mark.parametrize(
    "said, expected",
    [
        (Fails("GET /", "200", "404"), Status.FAIL),
        (NotJudged("no socket was found"), Status.UNJUDGED),
        (KeyError("a bug of the check"), Status.UNJUDGED),
        (RecursionError("another"), Status.UNJUDGED),
    ],
)
def test_only_what_a_check_says_is_a_failure(said, expected):
    def run(served):
        raise said

    found = result_of(judged(Check(3, "It is forbidden.", run), None))
    assert found.status is expected
    assert bool(found.expected) == (expected is Status.FAIL)


@pytest.mark.parametrize(
    "statuses, expected", [("pass unjudged", 0), ("pass fail", 1), ("unjudged", 4), ("", 4)]
)
def test_the_exit_status(statuses, expected):
    slugs = [one.slug for one in catalog()]
    results = [Result("own", slugs[n], "", Status(one)) for n, one in enumerate(statuses.split())]
    assert status(Report(tuple(results))) == expected
