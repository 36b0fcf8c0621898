"""Writes down what a pytest run finds: `--results FILE`."""

import platform
import time
from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import django
import pytest
from django.conf import settings

from stages.catalog import Milestone, catalog
from stages.checking.blame import innermost, owner
from stages.checking.commits import commit_of
from stages.checking.declared_checks import declared_checks_of
from stages.checking.explaining import COMPARED
from stages.checking.files import digest, milestone_of
from stages.checking.mistake_plugin import mistake_of
from stages.checking.mistakes import NotAppliedError, mistakes_of
from stages.checking.results import Report, Result, Status
from stages.checking.words import got, places, sentence, shortened

NAME = "curriculum-recorder"
# What pytest.raises, pytest.fail and the query counters raise is as much a statement about behaviour as an assert.
ASSERTIONS = (AssertionError, pytest.fail.Exception)
# The kinds of Facts that are errors of the code under test.
ERRORS = ("exception", "fixture")


@dataclass(frozen=True)
class Facts:
    """What a worker process tells of one phase of a test; plain values, as pytest-xdist can carry nothing else."""

    outcome: str = "passed"
    kind: str = ""
    got: str = ""
    # Of an error: the innermost line of the project that it came through, and the milestone that owns this line.
    frame: str = ""
    blame: str = ""
    required: bool = False
    contrast: bool = False
    kind_of_check: str = ""
    mistake: str = ""


def facts_of(item: pytest.Item, call: "pytest.CallInfo[None]", report: pytest.TestReport) -> Facts:
    info = call.excinfo
    mistake = mistake_of(item)
    facts = Facts(
        outcome=report.outcome,
        required=item.get_closest_marker("required") is not None,
        contrast=item.get_closest_marker("contrast") is not None,
        kind_of_check=kind_of(item),
        mistake=mistake.name if mistake else "",
    )
    if info is None:
        return facts
    comparison = item.config.stash.get(COMPARED, "")
    said = got(info.value, is_assertion=isinstance(info.value, ASSERTIONS), comparison=comparison)
    root = item.config.rootpath
    place = innermost(info.value.__traceback__, root)
    kind = _kind(info.value, report, ours=place is not None)
    asked = milestone_of(item.path)
    to_blame = owner(place, asked, root) if kind in ERRORS and place and asked else None
    return replace(
        facts,
        kind=kind,
        got=said,
        frame=str(place or ""),
        blame=to_blame.slug if to_blame else "",
    )


def kind_of(item: pytest.Item) -> str:
    """What it judges, one of CHECK_KINDS; empty for a check that does not say. A marker of its own beats its file's."""
    for marker in item.iter_markers():
        if marker.name in ("required", "switch"):
            return marker.name
        if marker.name == "beyond" and marker.args:
            return str(marker.args[0])
    return ""


def _kind(error: BaseException, report: pytest.TestReport, *, ours: bool) -> str:
    """What failed, and how.

    assertion: the check said no. exception: the code under test broke. fixture: it broke as well (`ours`: the error
    came through a line of it), but before or after the check. checker: a broken fixture, a skip, a mistake that does
    not fit.
    """
    if report.outcome != "failed" or isinstance(error, NotAppliedError):
        return "checker"
    if isinstance(error, ASSERTIONS):
        return "assertion" if report.when == "call" else "checker"
    if report.when == "call":
        return "exception"
    return "fixture" if ours else "checker"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: "pytest.CallInfo[None]"
) -> Generator[None, Any, pytest.TestReport]:
    report: Any = yield
    report.curriculum = vars(facts_of(item, call, report))
    return cast(pytest.TestReport, report)


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("curriculum")
    group.addoption("--results", type=Path, metavar="FILE", help="write what was found as JSON")


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("results") and not hasattr(config, "workerinput"):
        config.pluginmanager.register(Recorder(config), NAME)


class Recorder:
    """Lives in the process that was started, also where pytest-xdist runs the tests in others."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config
        self.started = time.time()
        # Of the code as it stands now: what is saved while the checks run was not checked.
        self.digests = {milestone.slug: digest(milestone, config.rootpath) for milestone in catalog()}
        self.results: dict[str, Result] = {}
        self.files: dict[Path, Milestone] = {}
        self.run = "mistakes" if config.getoption("mistakes") else config.getoption("milestones")

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        path = self.config.rootpath / report.nodeid.split("::")[0]
        milestone = milestone_of(path)
        if report.failed and milestone:
            said = shortened(str(report.longrepr).strip().splitlines()[-1])
            self._note(
                milestone, report.nodeid, Facts("failed", "checker", got=f"cannot be collected: {said}"), 0
            )

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        milestone = milestone_of(Path(report.nodeid.split("::")[0]))
        if milestone and (report.when == "call" or report.outcome != "passed"):
            facts = Facts(**getattr(report, "curriculum", {"outcome": report.outcome, "kind": "checker"}))
            self._note(milestone, report.nodeid, facts, report.duration)

    def _note(self, milestone: Milestone, test: str, facts: Facts, seconds: float) -> None:
        """A worse phase replaces a better one: a check that passed and then broke in its teardown is an error."""
        judged = judge(self.run, facts)
        before = self.results.get(test)
        if before and before.status is not Status.PASS and judged.status is Status.PASS:
            return
        if judged.status is not Status.PASS:
            to_blame = catalog().get(judged.against) if judged.blame else milestone
            look_at = [facts.frame, *places(to_blame, self.config.rootpath), test.partition("::")[0]]
            judged = replace(
                judged,
                expected=judged.expected or sentence(test),
                look_at=tuple(place for place in look_at if place),
            )
        self.results[test] = replace(judged, milestone=milestone.slug, test=test, seconds=round(seconds, 3))

    def pytest_sessionfinish(self) -> None:
        root = self.config.rootpath
        asked = _milestones_beneath([_absolute(arg, self.config) for arg in self.config.args])
        found = tuple(self.results.values())
        if self.run == "mistakes":
            found = tuple(caught_or_not(found))
        missing = [one for milestone in asked for one in not_run(milestone, found, self.run, root)]
        started = datetime.fromtimestamp(self.started, UTC).isoformat(timespec="seconds")
        about = {
            "started": started,
            "seconds": round(time.time() - self.started, 1),
            "python": platform.python_version(),
            "django": django.get_version(),
            "profile": settings.CRM_STAGE,
            "commit": commit_of(root),
        }
        code = {slug: {"checked": started, "digest": found} for slug, found in self.digests.items()}
        Report((*found, *missing), about, code).write(self.config.getoption("results"))


def judge(run: str, facts: Facts) -> Result:
    """What this outcome means in this run."""
    base = Result(
        run,
        "",
        "",
        Status.PASS,
        required=facts.required,
        contrast=facts.contrast,
        mistake=facts.mistake,
        kind=facts.kind_of_check,
    )
    # Without the milestone, or with a mistake, only the check itself may fail: what prepares it has to be whole.
    unprepared = facts.kind == "fixture" and run in ("off", "mistakes")
    if facts.kind == "checker" or facts.outcome == "skipped" or unprepared:
        said = f"skipped, which proves nothing: {facts.got}" if facts.outcome == "skipped" else facts.got
        return replace(base, status=Status.ERROR, expected="a check that can run", got=said)
    if run == "off":
        return _judge_without(base, facts)
    if run == "mistakes":
        caught = facts.outcome == "failed"
        return replace(base, status=Status.PASS if caught else Status.FAIL, got=facts.got or "it passed")
    if facts.outcome == "failed":
        frame = facts.frame if facts.kind in ERRORS else ""
        return replace(base, status=Status.FAIL, got=facts.got, frame=frame, blame=facts.blame)
    return base


def _judge_without(base: Result, facts: Facts) -> Result:
    """The milestone is off: a contrast check has to fail, and by what it asserts."""
    if facts.kind == "assertion":
        return replace(base, got=facts.got)
    expected = "to fail by an assertion while the milestone is off"
    broke = f"it broke before it could assert: {facts.got}"
    said = broke if facts.kind == "exception" else "it passed, so it shows nothing of the milestone"
    return replace(base, status=Status.FAIL, expected=expected, got=said)


def caught_or_not(results: Iterable[Result]) -> Iterator[Result]:
    """One result a mistake: it is caught as soon as one parameter of its check has failed."""
    tries: dict[tuple[str, str], list[Result]] = {}
    for result in results:
        tries.setdefault((result.milestone, result.mistake), []).append(result)
    for found in tries.values():
        best = [one for one in found if one.status is Status.PASS] or [
            one for one in found if one.status is Status.ERROR
        ]
        yield (best or found)[0]


def not_run(milestone: Milestone, found: Iterable[Result], run: str, root: Path) -> Iterator[Result]:
    """An error for each check that should have been among the results and is not."""
    own = [result for result in found if result.milestone == milestone.slug]
    if run == "mistakes":
        done = {result.mistake for result in own}
        lost = [one for one in mistakes_of(milestone) if one.name not in done]
        yield from (_lost(milestone, run, one.caught_by, mistake=one.name) for one in lost)
        return
    if run == "off" and not milestone.switchable:
        return
    checks = declared_checks_of(milestone, root)
    marker = "contrast" if run == "off" else "required"
    done = {result.test.partition("[")[0] for result in own}
    if not checks and not own:
        yield _lost(milestone, run, milestone.test_file.as_posix())
    for check in checks:
        if marker in check.markers and check.test not in done:
            required = "required" in check.markers
            yield replace(_lost(milestone, run, check.test), required=required)


def _lost(milestone: Milestone, run: str, test: str, mistake: str = "") -> Result:
    said = "it was not run: left out, renamed, or its file cannot be collected"
    return Result(
        run, milestone.slug, test, Status.ERROR, mistake=mistake, expected=f"{sentence(test)}, run", got=said
    )


def _absolute(argument: str, config: pytest.Config) -> Path:
    return (config.invocation_params.dir / argument.split("::", 1)[0]).resolve()


def _milestones_beneath(paths: Iterable[Path]) -> list[Milestone]:
    """The milestones whose test files were asked for."""
    files = [file for path in paths for file in ([path] if path.is_file() else path.rglob("test_*.py"))]
    found = {milestone for file in files if (milestone := milestone_of(file))}
    return sorted(found, key=lambda milestone: milestone.number)
