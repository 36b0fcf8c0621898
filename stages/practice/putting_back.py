"""`stages restore`: puts the original back, and keeps what the learner wrote as an attempt."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from stages.catalog import Milestone
from stages.practice.errors import PracticeError
from stages.practice.following import Span, followed, spans
from stages.practice.regions import Lines, Region, lines_of
from stages.practice.state import FOLDER, ORIGINALS, STATE, State, with_stubs
from stages.practice.writing import carry_out, write

ATTEMPTS = f"{FOLDER}/attempts"


@dataclass(frozen=True)
class Edited:
    """A file that something is taken out of: its original, as it is now, and where the regions are in it."""

    original: Lines
    now: Lines
    places: dict[Region, Span]

    def text(self, region: Region) -> Lines:
        """What stands in the place of the region."""
        return self.now[slice(*self.places[region])]


def edited(path: str, state: State, root: Path) -> Edited:
    """A file that was deleted counts as one that was left as it was. Raises PracticeError."""
    original, regions = state.original(path, root), state.regions_in(path)
    written = with_stubs(original, regions)
    now = lines_of((root / path).read_bytes()) if (root / path).is_file() else written
    wanted = spans(original, regions)
    places = followed(written, now, wanted.values())
    return Edited(original, now, dict(zip(wanted, places, strict=True)))


def put_back(milestones: Sequence[Milestone], root: Path) -> list[str]:
    """The attempts that were kept, as paths. Raises PracticeError and OSError."""
    state = State.read(root)
    for milestone in milestones:
        if milestone not in state.milestones:
            raise PracticeError(f"Milestone {milestone} is not taken out: there is nothing to put back.")
    back = [region for milestone in milestones for region in state.regions(milestone)]
    files = {path: edited(path, state, root) for path in sorted({region.path for region in back})}
    kept = [_attempt(milestone, state, files, root) for milestone in milestones]
    state.out = [region for region in state.out if region not in back]
    changes: dict[str, bytes | None] = {path: restored(file, set(back)) for path, file in files.items()}
    for path in [path for path in files if not state.regions_in(path)]:
        changes[f"{ORIGINALS}/{path}"] = None
        del state.files[path]
    carry_out({**changes, STATE: state.as_bytes()}, root)
    return [attempt for attempt in kept if attempt]


def restored(file: Edited, back: set[Region]) -> bytes:
    """The original of these regions; where no other is out of the file, the whole original to the byte."""
    if back >= set(file.places):
        return b"".join(file.original)
    lines = list(file.now)
    for region, place in sorted(file.places.items(), reverse=True):
        if region in back:
            lines[slice(*place)] = file.original[region.slice]
    return b"".join(lines)


def is_written(region: Region, file: Edited) -> bool:
    """Whether somebody has written there, instead of the stub that was put there."""
    stubs = with_stubs(file.original, file.places)
    return file.text(region) != stubs[slice(*spans(file.original, file.places)[region])]


def _attempt(milestone: Milestone, state: State, files: dict[str, Edited], root: Path) -> str:
    """Where the milestone's files were copied to; nothing where nobody has written in them."""
    regions = state.regions(milestone)
    if not any(is_written(region, files[region.path]) for region in regions):
        return ""
    folder = next_attempt(milestone, root)
    for path in {region.path for region in regions}:
        write(root / folder / path, b"".join(files[path].now))
    return folder


def attempts_of(milestone: Milestone, root: Path) -> list[Path]:
    """The folders of its attempts, the oldest first."""
    folder = root / ATTEMPTS / folder_name(milestone)
    found = [path for path in folder.glob("*") if path.is_dir() and path.name.isdecimal()]
    return sorted(found, key=lambda path: int(path.name))


def next_attempt(milestone: Milestone, root: Path) -> str:
    before = attempts_of(milestone, root)
    number = int(before[-1].name) + 1 if before else 1
    return f"{ATTEMPTS}/{folder_name(milestone)}/{number}"


def folder_name(milestone: Milestone) -> str:
    return f"{milestone.number:02d}-{milestone.slug}"
