"""Waits until a file of the project is saved. A look at some hundred files a few times a second costs little."""

import time
from collections.abc import Callable
from pathlib import Path

FOLDERS = ("clients", "mini_crm", "stages", "tests")
KINDS = {".py", ".html", ".toml", ".css", ".js", ".txt"}
PAUSE = 0.15

Times = dict[Path, int]


def times_of(root: Path) -> Times:
    """When each source file was last written. A file that goes while we look is simply not there."""
    found: Times = {}
    for folder in FOLDERS:
        for path in (root / folder).rglob("*"):
            if path.suffix in KINDS:
                try:
                    found[path] = path.stat().st_mtime_ns
                except FileNotFoundError:
                    continue
    return found


def changed_since(before: Times, after: Times) -> list[Path]:
    """Files that are new, gone, or written again."""
    return sorted(path for path in before.keys() | after.keys() if before.get(path) != after.get(path))


def wait_for_change(
    before: Times, root: Path, sleep: Callable[[float], None] = time.sleep
) -> tuple[list[Path], Times]:
    """The files that were saved, and the times from which to go on."""
    while not (changed := changed_since(before, after := times_of(root))):
        sleep(PAUSE)
    return changed, after
