"""Badges: the JSON that badge services read (their “endpoint” format) and plain SVG that needs no service."""

import json
from pathlib import Path

from django.template.loader import render_to_string

from stages.catalog import Milestone, Stage
from stages.checking.results import Report, Row, Status

COLOURS = {
    Status.PASS: ("brightgreen", "#2a7d3f"),
    Status.FAIL: ("red", "#c0362c"),
    Status.ERROR: ("orange", "#9a5b00"),
    Status.BLOCKED: ("lightgrey", "#5f6b76"),
    Status.UNJUDGED: ("lightgrey", "#5f6b76"),
}
# Widths of the letters are not known here: a generous average, which every font fits into.
LETTER, PADDING, HEIGHT = 7, 12, 20


def write_badges(report: Report, folder: Path) -> list[Path]:
    """Two files for each stage and each milestone of the report; what they are called never changes."""
    stages = {row.milestone.stage for row in report.rows}
    badges = {str(stage): stage_badge(stage, report) for stage in Stage if stage in stages}
    badges |= {name_of(row.milestone): milestone_badge(row) for row in report.rows}
    folder.mkdir(parents=True, exist_ok=True)
    return [path for name, badge in badges.items() for path in _write(folder / name, *badge)]


def name_of(milestone: Milestone) -> str:
    return f"{milestone.number:02d}-{milestone.slug}"


def stage_badge(stage: Stage, report: Report) -> tuple[str, str, Status]:
    """Label, message and state: “middle”, “7 of 7 milestones”."""
    rows = [row for row in report.rows if row.milestone.stage is stage]
    green = sum(row.status is Status.PASS for row in rows)
    return str(stage), f"{green} of {len(rows)} milestones", report.status_of(stage)


def milestone_badge(row: Row) -> tuple[str, str, Status]:
    words = {
        Status.PASS: "passes",
        Status.FAIL: "fails",
        Status.ERROR: "checker broken",
        Status.UNJUDGED: "not judged",
        Status.BLOCKED: f"waits for {', '.join(row.blocked_by)}",
    }
    return f"{row.milestone.number} {row.milestone.slug}", words[row.status], row.status


def _write(base: Path, label: str, message: str, status: Status) -> tuple[Path, Path]:
    endpoint, svg = base.with_name(f"{base.name}.json"), base.with_name(f"{base.name}.svg")
    name, colour = COLOURS[status]
    said = {"schemaVersion": 1, "label": label, "message": message, "color": name}
    endpoint.write_text(json.dumps(said, indent=1) + "\n", encoding="utf-8")
    svg.write_text(drawn(label, message, colour), encoding="utf-8")
    return endpoint, svg


def drawn(label: str, message: str, colour: str) -> str:
    left, right = (LETTER * len(text) + PADDING for text in (label, message))
    context = {"label": label, "message": message, "colour": colour, "left": left, "right": right}
    context |= {"width": left + right, "height": HEIGHT, "middle": left / 2, "centre": left + right / 2}
    return render_to_string("stages/report/badge.svg", context)
