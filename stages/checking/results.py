"""What a run of the checks found out, as values and as the JSON file that everything else is made from.

The file's schema is docs/results-schema.json. A result is one check in one run; four runs exist (RUNS). What passes is
always good news: in the run `off` that is a check that failed as it must, in `mistakes` a mistake that was caught.
"""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from typing import Any, Self

from stages.catalog import Milestone, Stage, catalog
from stages.checking.words import sentence
from stages.entries import Kind

SCHEMA = "mini-crm-results/1"
RUNS = ("own", "all", "off", "mistakes")
# What a check judges, in the order in which it is told. By the required ones a milestone holds; the others are stars.
CHECK_KINDS = ("required", "switch", *Kind)


class Status(StrEnum):
    PASS = "pass"  # no password
    FAIL = "fail"
    # Something the milestone requires has failed, so this says nothing about the milestone itself.
    BLOCKED = "blocked"
    # The checker itself could not tell: a broken fixture, a skipped or missing check, a file without any.
    ERROR = "error"
    # Of somebody else's project (grading/): what could not be asked from outside. No news, neither good nor bad.
    UNJUDGED = "unjudged"


RED = (Status.FAIL, Status.ERROR)


@dataclass(frozen=True)
class Result:
    """One check in one run. `test` is pytest's name for it, `seconds` how long it took."""

    run: str
    milestone: str
    test: str
    status: Status
    required: bool = False
    contrast: bool = False
    mistake: str = ""
    expected: str = ""
    got: str = ""
    look_at: tuple[str, ...] = ()
    seconds: float = 0.0
    # Of an error in the code: its line, and the milestone that owns that line (empty where none does).
    frame: str = ""
    blame: str = ""
    # One of CHECK_KINDS; empty where the file was written before there were any.
    kind: str = ""

    @property
    def judged_kind(self) -> str:
        """Its kind; required where only that is known."""
        return self.kind or ("required" if self.required else "")

    @property
    def order(self) -> int:
        """Where its kind stands; what says none comes last."""
        return CHECK_KINDS.index(self.judged_kind) if self.judged_kind else len(CHECK_KINDS)

    @property
    def decides(self) -> bool:
        """Whether the milestone holds by it."""
        return self.judged_kind in ("", "required")

    @property
    def against(self) -> str:
        """The milestone that it speaks against when it is red."""
        return self.blame or self.milestone

    @property
    def of(self) -> Milestone:
        return catalog().get(self.milestone)

    @property
    def title(self) -> str:
        """What is checked, as a sentence; which mistake should have been caught."""
        said = sentence(self.test)
        return f"{self.mistake}: {said}" if self.mistake else said

    @property
    def message(self) -> str:
        """All of it in plain words; empty when there is nothing to say."""
        if self.status is Status.PASS:
            return ""
        parts = {"Expected": self.expected, "Got": self.got, "Look at": ", ".join(self.look_at)}
        return "\n".join(f"{title}: {text}" for title, text in parts.items() if text)

    def as_json(self) -> dict[str, Any]:
        found = self.of
        values = {**asdict(self), "look_at": list(self.look_at), "status": str(self.status)}
        return values | {"stage": str(found.stage), "number": found.number, "message": self.message}

    @classmethod
    def parse(cls, entry: dict[str, Any]) -> Self:
        values = {name: value for name, value in entry.items() if name not in ("stage", "number", "message")}
        return cls(**{**values, "status": Status(entry["status"]), "look_at": tuple(entry["look_at"])})


@dataclass(frozen=True)
class Row:
    """A milestone's state: its results and what others found wrong with its code; what it requires and has failed.

    `status` is that of the required checks: by them it holds.
    """

    milestone: Milestone
    status: Status
    results: tuple[Result, ...]
    blocked_by: tuple[str, ...] = ()

    def of_run(self, run: str) -> tuple[Result, ...]:
        return tuple(result for result in self.results if result.run == run)

    def passed(self, run: str) -> int:
        return sum(result.status is Status.PASS for result in self.of_run(run))

    @property
    def bad(self) -> tuple[Result, ...]:
        return tuple(result for result in self.results if result.status is not Status.PASS)

    @property
    def counts(self) -> dict[str, tuple[int, int]]:
        """Of each kind: how many checks went as they must, and how many there are. All inputs of a check are one."""
        checks: dict[tuple[str, str, str], list[Result]] = {}
        for one in self.results:
            checks.setdefault((one.run, one.test.partition("[")[0], one.mistake), []).append(one)
        found: dict[str, tuple[int, int]] = {}
        for together in sorted(checks.values(), key=lambda results: results[0].order):
            passed, all_ = found.get(together[0].judged_kind, (0, 0))
            well = worst_of(together) is Status.PASS
            found[together[0].judged_kind] = passed + well, all_ + 1
        return found

    def as_json(self) -> dict[str, Any]:
        return {
            "number": self.milestone.number,
            "slug": self.milestone.slug,
            "stage": str(self.milestone.stage),
            "title": self.milestone.title,
            "status": str(self.status),
            "blocked_by": list(self.blocked_by),
            "counts": {kind or "other": list(count) for kind, count in self.counts.items()},
        }


@dataclass(frozen=True)
class Report:
    """Everything one results file says. `about` describes the run: when, how long, which versions.

    `code` has for each milestone when it was checked and the digest of its code and checks at that time.
    """

    results: tuple[Result, ...]
    about: dict[str, Any] = field(default_factory=dict)
    code: dict[str, dict[str, str]] = field(default_factory=dict)

    @property
    def rows(self) -> tuple[Row, ...]:
        """Each milestone that was checked or is to blame, in the order of the curriculum; what waits is blocked."""
        return rows_of(self.results)

    @property
    def stopped(self) -> str:
        """Why no check was run at all, in one line; usually empty."""
        return str(self.about.get("stopped", ""))

    @property
    def project(self) -> str:
        """The folder's name of somebody else's project (grading/); empty for our own code."""
        return str(self.about.get("project", ""))

    @property
    def status(self) -> Status:
        return worst_of(self.rows)

    def status_of(self, stage: Stage) -> Status:
        return worst_of(row for row in self.rows if row.milestone.stage is stage)

    @property
    def spotless(self) -> bool:
        """Whether every check went as it must, the stars too."""
        return not any(row.bad for row in self.rows)

    def write(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(self.as_text(), encoding="utf-8")

    def as_text(self) -> str:
        rows = self.rows
        own = [result for row in rows for result in row.results if result.milestone == row.milestone.slug]
        document = {
            "schema": SCHEMA,
            "run": self.about,
            "milestones": [row.as_json() | self.code.get(row.milestone.slug, {}) for row in rows],
            "results": [result.as_json() for result in own],
        }
        return json.dumps(document, indent=1, ensure_ascii=False) + "\n"

    @classmethod
    def read(cls, *paths: Path) -> Self:
        """What these files say together. Raises NoResultsError."""
        documents = [_document(path) for path in paths]
        about = documents[0].get("run", {}) if documents else {}
        about = {**about, "seconds": sum(one["run"].get("seconds", 0) for one in documents)}
        code = {entry["slug"]: _code(entry) for one in documents for entry in one["milestones"]}
        return cls(tuple(Result.parse(entry) for one in documents for entry in one["results"]), about, code)


def _code(entry: dict[str, Any]) -> dict[str, str]:
    return {name: entry[name] for name in ("checked", "digest") if name in entry}


class NoResultsError(ValueError):
    """The file holds no results; the message says why."""


def _document(path: Path) -> dict[str, Any]:
    try:
        document: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise NoResultsError(f"{path} cannot be read: {error}") from error
    if not isinstance(document, dict) or document.get("schema") != SCHEMA:
        raise NoResultsError(f"{path} is no results file of this curriculum ({SCHEMA}).")
    return document


def worst_of(entries: Iterable[Result | Row]) -> Status:
    found = {entry.status for entry in entries}
    ranking = (Status.FAIL, Status.ERROR, Status.BLOCKED, Status.UNJUDGED)
    return next((status for status in ranking if status in found), Status.PASS)


def rows_of(results: Iterable[Result]) -> tuple[Row, ...]:
    """Only what fails with the milestone on speaks against it: a mistake that slips through is its own matter."""
    own: dict[str, list[Result]] = {}
    blamed: dict[str, list[Result]] = {}
    for result in results:
        own.setdefault(result.milestone, []).append(result)
        if result.against != result.milestone and result.status is not Status.PASS and result.decides:
            blamed.setdefault(result.against, []).append(replace(result, status=Status.FAIL))
    deciding = [one for found in own.values() for one in found if one.run == "own" and one.decides]
    red = {one.against for one in deciding if one.status in RED}
    return tuple(
        _row(step, own.get(step.slug, []), blamed.get(step.slug, []), red | set(blamed))
        for step in catalog()
        if step.slug in own or step.slug in blamed
    )


def _row(milestone: Milestone, own: list[Result], blamed: list[Result], red: set[str]) -> Row:
    """Blocked by what failed first: where 2 and 8 fail, 9 is blocked by 2, which 8 requires as well.

    An error in the milestone's own code is its own failure, whatever else fails.
    """
    required = {step.slug for step in catalog().requirements(milestone.slug)} & red
    elsewhere = {one.against for one in own if one.status is not Status.PASS and one.decides} - {
        milestone.slug
    }
    waits_for = roots(required | elsewhere)
    judged = tuple(_judged(one, milestone, blocked=bool(required)) for one in own)
    everything = (*judged, *blamed)
    deciding = [one for one in everything if one.decides]
    if not waits_for or any(one.status in RED for one in deciding):
        return Row(milestone, worst_of(deciding), everything)
    return Row(milestone, Status.BLOCKED, everything, waits_for)


def roots(slugs: set[str]) -> tuple[str, ...]:
    """Those that require none of the others, in the order of the curriculum."""
    return tuple(
        step.slug
        for step in catalog()
        if step.slug in slugs and not {one.slug for one in catalog().requirements(step.slug)} & slugs
    )


def _judged(result: Result, milestone: Milestone, *, blocked: bool) -> Result:
    """`blocked`: something that the milestone requires has failed."""
    if result.status is Status.PASS or result.blame == milestone.slug:
        return result
    return replace(result, status=Status.BLOCKED) if blocked or result.blame else result
