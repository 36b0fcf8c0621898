"""The reviewers' report: a folder with one page that needs no server and nothing from elsewhere."""

import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.template.loader import get_template, render_to_string
from django.utils.safestring import SafeString

from stages.catalog import ROOT, Milestone
from stages.checking.badges import write_badges
from stages.checking.causes import Cause, Causes
from stages.checking.grouping import Check, Checks
from stages.checking.prove import HEADINGS, line
from stages.checking.results import Report, Row, Status
from stages.code import Excerpt, MissingCodeError, excerpt
from stages.entries import Addition, Kind
from stages.pages import page_of

SCREENSHOTS = Path("docs", "screenshots")
PAGE_HEADINGS = (HEADINGS[0], "Stage", *HEADINGS[1:])


@dataclass(frozen=True)
class Group:
    """Red checks of one milestone that have the same cause; without one they fail for the milestone's own sake."""

    cause: Cause | None
    checks: tuple[Check, ...]


@dataclass(frozen=True)
class Entry:
    """A milestone as the page shows it."""

    row: Row
    checks: Checks
    groups: tuple[Group, ...]
    code: tuple[Excerpt, ...]
    beyond: tuple[tuple[Kind, tuple[tuple[Addition, Excerpt], ...]], ...]
    page: SafeString | None
    screenshot: str

    @property
    def cells(self) -> list[tuple[str, str]]:
        """The cells of the table with their headings, which a narrow screen shows beside them; the name is apart."""
        found = line(self.row)
        return [*zip(HEADINGS[2:-1], found[2:-1], strict=True)]

    @property
    def state(self) -> str:
        return line(self.row)[-1]

    @property
    def fails(self) -> bool:
        """By itself: what merely waits for another is not told in full."""
        return self.row.status not in (Status.PASS, Status.UNJUDGED) and not self.row.blocked_by

    @property
    def follows(self) -> Cause | None:
        """What all its red checks are probably a consequence of; None where one of them is not."""
        causes = [group.cause for group in self.groups]
        return causes[0] if len(causes) == 1 else None


def write_html(report: Report, folder: Path, root: Path = ROOT, source: str = "") -> Path:
    """Writes index.html, its style, the badges, the results and the screenshots it shows; returns the page's path.

    Of somebody else's project it shows neither code nor pictures: those at `root` are ours.
    """
    folder.mkdir(parents=True, exist_ok=True)
    root = folder if report.project else root
    entries = [entry_of(row, Causes(report, root), folder) for row in report.rows]
    page = folder / "index.html"
    page.write_text(
        render_to_string("stages/report/index.html", context_of(report, entries, source)),
        encoding="utf-8",
    )
    style = get_template("stages/report/report.css").render({})
    (folder / "report.css").write_text(style, encoding="utf-8")
    write_badges(report, folder / "badges")
    report.write(folder / "results.json")
    return page


def context_of(report: Report, entries: list[Entry], source: str) -> dict[str, object]:
    started = report.about.get("started")
    return {
        "about": report.about,
        "started": datetime.fromisoformat(started) if started else None,
        "source": source,
        "headings": PAGE_HEADINGS,
        "entries": entries,
        "failing": sorted(
            (entry for entry in entries if entry.fails), key=lambda entry: entry.follows is not None
        ),
        "unjudged": [entry for entry in entries if entry.row.status is Status.UNJUDGED],
        "green": sum(entry.row.status is Status.PASS for entry in entries),
    }


def entry_of(row: Row, causes: Causes, folder: Path) -> Entry:
    root = causes.root
    checks = Checks.of(row)
    return Entry(
        row,
        checks,
        groups_of(row, checks, causes),
        tuple(code for name in row.milestone.core if (code := _code(name, root))),
        beyond_of(row.milestone, root),
        page_of(row.milestone, root),
        screenshot_of(row.milestone, folder, root) if row.status is Status.PASS else "",
    )


def beyond_of(
    milestone: Milestone, root: Path
) -> tuple[tuple[Kind, tuple[tuple[Addition, Excerpt], ...]], ...]:
    """What it has beyond its core, by kind, as far as it is there."""
    return tuple(
        (kind, tuple((addition, code) for addition in additions if (code := _code(addition.name, root))))
        for kind, additions in milestone.beyond_by_kind.items()
    )


def groups_of(row: Row, checks: Checks, causes: Causes) -> tuple[Group, ...]:
    """Its own failures first, then those that probably only follow from another milestone's."""
    found: dict[Cause | None, list[Check]] = {None: []}
    for check in () if row.blocked_by else checks.bad:
        found.setdefault(causes.of(row, check), []).append(check)
    return tuple(Group(cause, tuple(together)) for cause, together in found.items() if together)


def _code(name: str, root: Path) -> Excerpt | None:
    try:
        return excerpt(name, root)
    except MissingCodeError:
        return None


def screenshot_of(milestone: Milestone, folder: Path, root: Path) -> str:
    """Where the page finds the milestone's picture, copied beside it; empty where there is none."""
    found = sorted((root / SCREENSHOTS).glob(f"{milestone.number:02d}-*"))
    pictures = [path for path in found if not path.stem.endswith("-off")]
    if not pictures:
        return ""
    (folder / "screenshots").mkdir(exist_ok=True)
    shutil.copyfile(pictures[0], folder / "screenshots" / pictures[0].name)
    return f"screenshots/{pictures[0].name}"
