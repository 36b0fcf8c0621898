"""Judges the tests that a learner writes: they are green on the CRM, and red for as many known mistakes as possible.

The first half is a part of the pytest plugin: `--judge SLUG,SLUG --judged FILE` runs each test once on the CRM as it
is, and once for every known mistake of these milestones.
"""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from stages.catalog import ROOT, Milestone, catalog
from stages.checking.mistake_plugin import PARAMETER, mistake_of
from stages.checking.mistakes import mistakes_of
from stages.checking.running import LIMIT, QUIET
from stages.checking.starting import run_pytest
from stages.practice.own_tests import JUDGED, Judged, files

RESULT = pytest.StashKey[Judged]()
JUNIOR = "--ds=mini_crm.settings.junior"


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("curriculum")
    group.addoption(
        "--judge", metavar="SLUG,SLUG", help="run each test for every known mistake of these milestones"
    )
    group.addoption("--judged", type=Path, metavar="FILE", help="write what --judge has found as JSON")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if slugs := metafunc.config.getoption("judge"):
        mistakes = [one for slug in slugs.split(",") for one in mistakes_of(catalog().get(slug))]
        metafunc.fixturenames.append(PARAMETER)
        metafunc.parametrize(PARAMETER, [None, *mistakes], ids=["as it is", *(one.id for one in mistakes)])


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: "pytest.CallInfo[None]") -> Iterator[None]:
    report = yield
    if item.config.getoption("judge"):
        _note(item, report)  # type: ignore[arg-type]  # pytest's own report
    return report


def _note(item: pytest.Item, report: pytest.TestReport) -> None:
    judged = item.config.stash.setdefault(RESULT, Judged())
    mistake, name = mistake_of(item), item.nodeid.partition("[")[0]
    if mistake is None:
        if report.failed:
            judged.red[name] = str(report.longrepr).strip().splitlines()[-1]
        elif report.when == "call" and report.passed:
            judged.green.append(name)
    elif report.failed and report.when == "call":
        judged.caught.append(mistake.id)
    else:
        judged.missed.setdefault(mistake.id, mistake.says)


def pytest_sessionfinish(session: pytest.Session) -> None:
    if path := session.config.getoption("judged"):
        judged = session.config.stash.get(RESULT, Judged())
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(vars(judged)), encoding="utf-8")


def judge(milestone: Milestone) -> Judged:
    """Runs the learner's tests. What they found is also kept for the milestone's page. Raises OSError."""
    path = ROOT / JUDGED
    path.unlink(missing_ok=True)
    paths = [file.relative_to(ROOT).as_posix() for file in files(ROOT)]
    asked = ["--judge", ",".join(milestone.own_tests_catch), "--judged", str(path)]
    ended = run_pytest([*paths, JUNIOR, *QUIET, LIMIT, *asked])
    found = Judged.read(ROOT)
    if found is None or not (found.green or found.red):
        lines = [line for line in ended.output.splitlines() if line.strip()]
        return Judged(red={"The tests cannot be run": lines[-1] if lines else "no output"})
    return found
