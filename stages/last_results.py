"""What the last run of the checks said of each milestone, for the map: read from the newest results file.

`pytest --results FILE` and `stages check` write them; FILE is looked for as `results*.json` beside manage.py and as
`.results/latest.json`.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.utils import timezone

from stages.catalog import ROOT

WORDS = {
    "pass": "checks passed",
    "fail": "checks failed",
    "blocked": "blocked by what it requires",
    "error": "checks could not run",
}


@dataclass(frozen=True)
class LastCheck:
    """`status` is pass, fail, blocked or error; `at` is when the file was written."""

    status: str
    at: datetime

    @property
    def words(self) -> str:
        return WORDS[self.status]


def last_check(slug: str) -> LastCheck | None:
    """None where the milestone was not checked, or no file can be read."""
    files = [
        file for file in (*ROOT.glob("results*.json"), ROOT / ".results" / "latest.json") if file.is_file()
    ]
    if not files:
        return None
    newest = max(files, key=lambda file: file.stat().st_mtime)
    written = newest.stat().st_mtime
    status = _statuses(newest, written).get(slug)
    return (
        LastCheck(status, datetime.fromtimestamp(written, tz=timezone.get_current_timezone()))
        if status
        else None
    )


@lru_cache(maxsize=1)
def _statuses(file: Path, written: float) -> dict[str, str]:
    """The status of each milestone; empty for a file that is no results file. `written` makes a new one be read."""
    try:
        document: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
        found = {entry["slug"]: entry["status"] for entry in document["milestones"]}
    except (OSError, ValueError, TypeError, KeyError):
        return {}
    return {slug: status for slug, status in found.items() if status in WORDS}
