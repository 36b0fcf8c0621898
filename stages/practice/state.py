"""What is taken out at the moment, and how many hints were asked for: `.practice/state.json`."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Self

from stages.catalog import Milestone, catalog
from stages.practice.errors import PracticeError
from stages.practice.regions import Lines, Region, lines_of
from stages.practice.stubs import stub

FOLDER = ".practice"
STATE = f"{FOLDER}/state.json"
ORIGINALS = f"{FOLDER}/originals"


@dataclass
class State:
    """`files` has the hash of each original, `out` every region that is taken out, `hints` how many were shown."""

    files: dict[str, str] = field(default_factory=dict)
    out: list[Region] = field(default_factory=list)
    hints: dict[str, int] = field(default_factory=dict)
    own_tests: list[str] = field(default_factory=list)

    @classmethod
    def read(cls, root: Path) -> Self:
        """Raises PracticeError."""
        try:
            entry = json.loads((root / STATE).read_text(encoding="utf-8"))
            regions = [Region(**region) for region in entry.pop("out")]
            return cls(out=regions, **entry)
        except FileNotFoundError:
            return cls()
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise PracticeError(
                f"{STATE} cannot be read ({error}). The files as they were lie in {ORIGINALS}: copy them back, "
                f"then delete {STATE}."
            ) from error

    def as_bytes(self) -> bytes:
        return (json.dumps(asdict(self), indent=1, ensure_ascii=False) + "\n").encode()

    @property
    def milestones(self) -> list[Milestone]:
        """What is being written, in the order of the curriculum."""
        slugs = {region.milestone for region in self.out} | set(self.own_tests)
        return [milestone for milestone in catalog() if milestone.slug in slugs]

    def regions(self, milestone: Milestone) -> list[Region]:
        return sorted(region for region in self.out if region.milestone == milestone.slug)

    def regions_in(self, path: str) -> list[Region]:
        return sorted(region for region in self.out if region.path == path)

    def original(self, path: str, root: Path) -> Lines:
        """The lines of the file as it was. Raises PracticeError when the copy is no longer what was put there."""
        try:
            data = (root / ORIGINALS / path).read_bytes()
        except FileNotFoundError:
            data = b""
        if digest(data) != self.files[path]:
            raise PracticeError(
                f"{ORIGINALS}/{path} is not what was put there, so {path} is left as it is. Bring the file back "
                f"with git (git checkout -- {path}), then delete {FOLDER} and begin again."
            )
        return lines_of(data)


def taken_out(root: Path) -> frozenset[str]:
    """The slugs of what is being written; none where that cannot be read. For pages and system checks."""
    try:
        return frozenset(milestone.slug for milestone in State.read(root).milestones)
    except (PracticeError, OSError):
        return frozenset()


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def with_stubs(original: Lines, regions: Iterable[Region]) -> Lines:
    """The file as `start` leaves it: a stub in the place of each region."""
    lines = list(original)
    for region in sorted(regions, reverse=True):
        lines[region.slice] = stub(original, region, catalog().get(region.milestone))
    return lines
