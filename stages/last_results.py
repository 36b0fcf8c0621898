"""What the last run of the checks said of each milestone, for the map.

`stages check` keeps all it finds in `.results/latest.json`, which is read first. What is not in there is looked for in
the newest file that `pytest --results FILE` or `stages prove` wrote: `results*.json` beside manage.py.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.utils import timezone

from stages.catalog import ROOT, catalog
from stages.checking.files import digest
from stages.checking.grouping import counted

STALE = "stale"
WORDS = {
    "pass": "checks passed",
    "fail": "checks failed",
    "blocked": "blocked by what it requires",
    "error": "checks could not run",
    STALE: "changed since the last check",
}


@dataclass(frozen=True)
class LastCheck:
    """`status` is pass, fail, blocked, error, or stale where the code or the checks have changed since `at`.

    `counts`, in words, is how many checks of each kind went as they must; empty where the file does not say.
    """

    status: str
    at: datetime
    counts: str = ""
    # How many of the required checks hold, and how many there are.
    required: tuple[int, int] = (0, 0)

    @property
    def words(self) -> str:
        return WORDS[self.status]


def latest_file() -> Path:
    """Where `stages check` keeps what it found; it need not be there."""
    return ROOT / ".results" / "latest.json"


def latest() -> Path | None:
    """The results file to read when none is named: that of `stages check`, else the newest beside manage.py."""
    return next(_files(), None)


def last_check(slug: str) -> LastCheck | None:
    """None where the milestone was not checked, or no file can be read."""
    for file in _files():
        written = file.stat().st_mtime
        if entry := _entries(file, written).get(slug):
            return LastCheck(_status(slug, entry), _time(entry, written), _counts(entry), _required(entry))
    return None


def _files() -> Iterator[Path]:
    if latest_file().is_file():
        yield latest_file()
    others = [file for file in ROOT.glob("results*.json") if file.is_file()]
    if others:
        yield max(others, key=lambda file: file.stat().st_mtime)


def _status(slug: str, entry: dict[str, Any]) -> str:
    """What was found is stale as well once nothing blocks the milestone any more: it has to be checked again."""
    changed = "digest" in entry and entry["digest"] != digest(catalog().get(slug), ROOT)
    unblocked = entry["status"] == "blocked" and entry.get("blocked_by") == []
    return STALE if changed or unblocked else str(entry["status"])


def _counts(entry: dict[str, Any]) -> str:
    found = entry.get("counts")
    return counted(found) if isinstance(found, dict) and found else ""


def _required(entry: dict[str, Any]) -> tuple[int, int]:
    match entry.get("counts"):
        case {"required": [int(held), int(every)]}:
            return held, every
    return 0, 0


def _time(entry: dict[str, Any], written: float) -> datetime:
    """When it was checked; in a file that does not say so, when that was written."""
    zone = timezone.get_current_timezone()
    try:
        return datetime.fromisoformat(entry["checked"]).astimezone(zone)
    except (KeyError, TypeError, ValueError):
        return datetime.fromtimestamp(written, tz=zone)


@lru_cache(maxsize=2)
def _entries(file: Path, written: float) -> dict[str, dict[str, Any]]:
    """What the file says of each milestone; empty for no results file. `written` makes a new one be read."""
    try:
        document: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
        found = {entry["slug"]: entry for entry in document["milestones"]}
        return {slug: entry for slug, entry in found.items() if entry["status"] in WORDS}
    except (OSError, ValueError, TypeError, KeyError):
        return {}
