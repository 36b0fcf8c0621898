"""The reviewers' report: a folder with one page that needs no server and nothing from elsewhere."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from django.template.loader import get_template, render_to_string
from django.utils.safestring import SafeString

from stages.catalog import ROOT, Milestone
from stages.checking.badges import write_badges
from stages.checking.prove import HEADINGS, line
from stages.checking.results import Report, Row, Status
from stages.code import Excerpt, MissingCode, excerpt
from stages.pages import page_of

SCREENSHOTS = Path("docs", "screenshots")


@dataclass(frozen=True)
class Entry:
    """A milestone as the page shows it."""

    row: Row
    cells: tuple[str, ...]
    code: tuple[Excerpt, ...]
    page: SafeString | None
    screenshot: str

    @property
    def state(self) -> str:
        return self.cells[-1]


def write_html(report: Report, folder: Path, root: Path = ROOT) -> Path:
    """Writes index.html, its style, the badges, the results and the screenshots it shows; returns the page's path."""
    folder.mkdir(parents=True, exist_ok=True)
    entries = [entry_of(row, folder, root) for row in report.rows]
    green = sum(row.status is Status.PASS for row in report.rows)
    context = {"report": report, "rows": entries, "headings": HEADINGS, "green": green}
    page = folder / "index.html"
    page.write_text(render_to_string("stages/report/index.html", context), encoding="utf-8")
    style = get_template("stages/report/report.css").render({})
    (folder / "report.css").write_text(style, encoding="utf-8")
    write_badges(report, folder / "badges")
    report.write(folder / "results.json")
    return page


def entry_of(row: Row, folder: Path, root: Path) -> Entry:
    found = tuple(code for name in row.milestone.code if (code := _code(name, root)))
    return Entry(
        row, line(row), found, page_of(row.milestone, root), screenshot_of(row.milestone, folder, root)
    )


def _code(name: str, root: Path) -> Excerpt | None:
    try:
        return excerpt(name, root)
    except MissingCode:
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
