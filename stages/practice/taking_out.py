"""`stages start`: takes the core of milestones out of the files."""

import shutil
import subprocess
from collections.abc import Iterable, Sequence
from pathlib import Path

from stages.catalog import Milestone, catalog
from stages.code import MissingCodeError
from stages.practice.errors import PracticeError
from stages.practice.following import followed, unmoved
from stages.practice.regions import Lines, Region, lines_of, regions_of
from stages.practice.state import ORIGINALS, STATE, State, digest, with_stubs
from stages.practice.stubs import stub
from stages.practice.writing import carry_out


def take_out(milestones: Sequence[Milestone], root: Path) -> list[Region]:
    """What was taken out, file by file. Raises PracticeError and OSError."""
    state = State.read(root)
    refuse_twice(milestones, state)
    try:
        found = [one for milestone in milestones for one in regions_of(milestone, root / ORIGINALS, root)]
    except MissingCodeError as missing:
        raise PracticeError(f"{missing} Bring it back first: python manage.py stages restore") from missing
    paths = {region.path for region in found}
    _refuse_uncommitted(sorted(paths - set(state.files)), root)
    new = {path: _read(path, root) for path in sorted(paths - set(state.files))}
    changes = {path: _without(path, found, state, root) for path in sorted(paths)}
    originals = {f"{ORIGINALS}/{path}": data for path, data in new.items()}
    state.files |= {path: digest(data) for path, data in new.items()}
    state.out += found
    carry_out({**originals, **changes, STATE: state.as_bytes()}, root)
    return sorted(found)


def refuse_twice(milestones: Iterable[Milestone], state: State) -> None:
    """Raises PracticeError for what is taken out already."""
    for milestone in milestones:
        if milestone in state.milestones:
            raise PracticeError(
                f"Milestone {milestone} is taken out already. Write on, and see what is missing: python manage.py "
                f"stages check {milestone.number}. Or put it back: python manage.py stages restore {milestone.number}"
            )


def _refuse_uncommitted(paths: Sequence[str], root: Path) -> None:
    """Where git can tell; without git the original is kept as it is, changed or not."""
    git = shutil.which("git")
    if not (git and paths and (root / ".git").exists()):
        return
    asked = [git, "status", "--porcelain", "--untracked-files=no", "--", *paths]
    answer = subprocess.run(asked, cwd=root, capture_output=True, text=True, check=False)  # noqa: S603  # git itself
    changed = [line[3:] for line in answer.stdout.splitlines()]
    if changed:
        raise PracticeError(
            f"You have changed {', '.join(changed)}, and nothing of that may get lost. Commit it (git commit) or "
            "undo it, then start again."
        )


def _read(path: str, root: Path) -> bytes:
    return (root / path).read_bytes()


def _without(path: str, found: Iterable[Region], state: State, root: Path) -> bytes:
    """The file with stubs in the place of the regions that are found in it."""
    regions = sorted(region for region in found if region.path == path)
    if path not in state.files:
        return b"".join(with_stubs(lines_of(_read(path, root)), regions))
    original, lines = state.original(path, root), lines_of(_read(path, root))
    out = state.regions_in(path)
    places = followed(with_stubs(original, out), lines, [unmoved(original, one, out) for one in regions])
    for region, (first, last) in reversed(list(zip(regions, places, strict=True))):
        _refuse_changed(region, original, lines[first:last])
        lines[first:last] = stub(original, region, catalog().get(region.milestone))
    return b"".join(lines)


def _refuse_changed(region: Region, original: Lines, now: Lines) -> None:
    if now != original[region.slice]:
        raise PracticeError(
            f"{region.path}: {region.label} has been changed, so it is left as it is. Put the file back first: "
            "python manage.py stages restore"
        )
