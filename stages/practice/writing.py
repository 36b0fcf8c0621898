"""Changes several files as one: killed at any moment, either nothing has happened or the next command ends it.

The new files are written beside the old ones first. The journal that names them is the moment from which all of it
counts; what it names is then moved into place, one file after the other.
"""

import json
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from stages.alone import alone
from stages.practice.state import FOLDER, digest

PENDING = f"{FOLDER}/pending"
JOURNAL = f"{FOLDER}/journal.json"
INTERRUPTED = f"{FOLDER}/attempts/interrupted"

# What each file becomes; None takes it away.
Changes = Mapping[str, bytes | None]


@contextmanager
def practising(root: Path, say: Callable[[str], object]) -> Iterator[None]:
    """One command at a time; what an earlier one left unfinished is ended first, and said. Raises OSError."""
    (root / FOLDER).mkdir(exist_ok=True)
    with alone(root / FOLDER / "lock"):
        for line in finished(root):
            say(line)
        yield


def end_unfinished(root: Path, say: Callable[[str], object]) -> None:
    """For commands that only read: they see all of what an interrupted one had begun. Raises OSError."""
    if (root / JOURNAL).exists():
        with practising(root, say):
            pass


def carry_out(changes: Changes, root: Path) -> None:
    """Raises OSError; then no file has changed yet, or the next command goes on."""
    shutil.rmtree(root / PENDING, ignore_errors=True)
    journal: dict[str, list[str]] = {}
    for path, data in changes.items():
        before = _digest(root / path)
        if data is None:
            journal[path] = [before, ""]
            continue
        journal[path] = [before, digest(data)]
        write(root / PENDING / path, data)
        if before:
            shutil.copymode(root / path, root / PENDING / path)
    write_whole(root / JOURNAL, json.dumps(journal).encode())
    finished(root)


def finished(root: Path) -> list[str]:
    """Ends what the journal names. A line for each file that somebody has changed since; a copy of it is kept."""
    try:
        journal = json.loads((root / JOURNAL).read_text(encoding="utf-8"))
    except FileNotFoundError:
        shutil.rmtree(root / PENDING, ignore_errors=True)
        return []
    said = ["The last command was interrupted. What it had begun is finished now."]
    for path, (before, after) in journal.items():
        said += _moved(root, path, (before, after))
    (root / JOURNAL).unlink()
    shutil.rmtree(root / PENDING, ignore_errors=True)
    return said


def _moved(root: Path, path: str, digests: tuple[str, str]) -> list[str]:
    target, staged = root / path, root / PENDING / path
    now, (before, after) = _digest(target), digests
    if now == after or (after and not staged.exists()):
        return []
    said = []
    if now not in (before, ""):
        write(root / INTERRUPTED / path, target.read_bytes())
        said = [f"{path} was changed in the meantime; that version is kept in {INTERRUPTED}/{path}."]
    if after:
        target.parent.mkdir(parents=True, exist_ok=True)
        staged.replace(target)
    else:
        target.unlink(missing_ok=True)
    return said


def write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def write_whole(path: Path, data: bytes) -> None:
    """Nobody ever reads half of it."""
    beside = path.with_name(f"{path.name}.{os.getpid()}")
    write(beside, data)
    beside.replace(path)


def _digest(path: Path) -> str:
    return digest(path.read_bytes()) if path.is_file() else ""
