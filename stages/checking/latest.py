"""Keeps what `stages check` found, milestone by milestone, in `.results/latest.json`, for the map and `stages report`.

Several checks may end at the same time, and one may be stopped in the middle: they write in turns, and each writes the
whole file beside the old one before it takes its place.
"""

import os
from dataclasses import replace
from pathlib import Path

from stages.alone import alone
from stages.checking.results import NoResultsError, Report, Result, Status
from stages.last_results import latest_file


def record(found: Report) -> None:
    """Puts these results in the place of what was known of their checks. Raises OSError."""
    path = latest_file()
    path.parent.mkdir(parents=True, exist_ok=True)
    with alone(path.with_suffix(".lock")):
        _write_whole(path, merged(_known(path), found))


def _known(path: Path) -> Report:
    try:
        return Report.read(path)
    except (NoResultsError, LookupError, TypeError, ValueError):
        return Report(())


def _write_whole(path: Path, report: Report) -> None:
    whole = path.with_suffix(f".{os.getpid()}")
    try:
        whole.write_text(report.as_text(), encoding="utf-8")
        whole.replace(path)
    finally:
        whole.unlink(missing_ok=True)


def merged(known: Report, found: Report) -> Report:
    """What was not run this time is kept, unless the code of a milestone that was checked again has changed."""
    again = {result.milestone for result in found.results}
    done = {(result.milestone, result.test, result.run) for result in found.results}
    kept = [
        _after(result, again)
        for result in known.results
        if (result.milestone, result.test, result.run) not in done
        and (result.milestone not in again or _is_of_this_code(result, known, found))
    ]
    code = known.code | {slug: entry for slug, entry in found.code.items() if slug in again}
    return Report((*kept, *found.results), found.about, code)


def _is_of_this_code(result: Result, known: Report, found: Report) -> bool:
    before, now = (report.code.get(result.milestone, {}).get("digest") for report in (known, found))
    return before is not None and before == now


def _after(result: Result, again: set[str]) -> Result:
    """An error was blamed on a milestone that has been checked again: only its own check can tell what it does now."""
    if result.blame in again and result.blame != result.milestone:
        return replace(result, status=Status.BLOCKED, blame="", frame="")
    return result
