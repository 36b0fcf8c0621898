"""The curriculum as typed values, read once from `curriculum.toml`.

Fields of a `[[milestone]]`: `number`, `slug` (also the name of its flag), `stage`, `title`, `goal`, `tasks`, `check`,
`requires` (slugs), `hints` (opened one at a time), `code` (the core: tables of `practised` or `shown`, each with a name
as in stages/code.py; what is practised can be taken out and written again), `switchable`, `off` (what is left when it
is off), and, false when left out, `planned` (not built yet) and `everyone_only` (it also acts where there is no
request, so it counts only when it is on for everyone). `page` is the address where it can be seen, `<id>` standing for
a client's number; empty when there is nothing to see. `beyond`, empty when left out, is the code that the tasks do not
ask for: tables of `name` (as in `code`), `kind` (one of Kind) and `why` (a sentence). `plain_leaves_red` are the checks
beyond the required ones that the plain solution does not pass. `own_tests_catch` makes it a milestone that is practised
by writing tests: the known mistakes of these milestones (slugs) judge them.
"""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import MISSING, dataclass, field, fields
from difflib import get_close_matches
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any, Self, get_origin, get_type_hints

from stages.entries import Addition, CoreEntry, CurriculumError, Kind, tables_of

ROOT = Path(__file__).resolve().parent.parent
MANIFEST = Path(__file__).with_name("curriculum.toml")
LONGEST_NUMBER = 9


class Stage(StrEnum):
    """A third of the course. Stages compare by their order: `Stage.JUNIOR.reaches(…)`."""

    JUNIOR = "junior"
    MIDDLE = "middle"
    ADVANCED = "advanced"

    @property
    def order(self) -> int:
        return STAGE_ORDER[self]

    def reaches(self, other: "Stage") -> bool:
        """Whether a profile of this stage contains the milestones of the other."""
        return self.order >= other.order


STAGE_ORDER = {stage: order for order, stage in enumerate(Stage)}


class UnknownMilestoneError(LookupError):
    """No milestone has that number or slug; the message names near matches."""

    def __init__(self, asked: str | int, near: Iterable[str] = ()) -> None:
        self.asked, self.near = asked, list(near)
        hint = f" Did you mean {' or '.join(self.near)}?" if self.near else ""
        super().__init__(f"There is no milestone {str(asked)!r}.{hint}")


@dataclass(frozen=True)
class Milestone:
    number: int
    slug: str
    stage: Stage
    title: str
    goal: str
    tasks: tuple[str, ...]
    check: str
    requires: tuple[str, ...]
    hints: tuple[str, ...]
    code: tuple[CoreEntry, ...]
    switchable: bool
    off: str
    planned: bool = False
    everyone_only: bool = False
    page: str = ""
    beyond: tuple[Addition, ...] = ()
    own_tests_catch: tuple[str, ...] = ()
    plain_leaves_red: tuple[str, ...] = ()

    @property
    def core(self) -> tuple[str, ...]:
        """The names of its core."""
        return tuple(entry.name for entry in self.code)

    @property
    def practised(self) -> tuple[str, ...]:
        """The names of what a learner can take out and write again."""
        return tuple(entry.name for entry in self.code if entry.practised)

    @property
    def whole_code(self) -> tuple[str, ...]:
        """The names of its core and, after them, of what lies beyond it."""
        return (*self.core, *(addition.name for addition in self.beyond))

    @property
    def beyond_by_kind(self) -> dict[Kind, list[Addition]]:
        """In the order of Kind; a kind with nothing in it is left out."""
        groups = {kind: [addition for addition in self.beyond if addition.kind is kind] for kind in Kind}
        return {kind: additions for kind, additions in groups.items() if additions}

    @property
    def path_doc(self) -> Path:
        """Its page, relative to the repository."""
        return Path("docs", "milestones", f"{self.number:02d}-{self.slug}.md")

    @property
    def test_file(self) -> Path:
        """Its checks, relative to the repository."""
        return Path("tests", self.stage, f"test_{self.number:02d}_{self.slug.replace('-', '_')}.py")

    @property
    def mistakes_file(self) -> Path:
        """Its known mistakes, relative to the repository; what is never switched off has none."""
        return Path("tests", "stages", "mistakes", f"m{self.number:02d}_{self.slug.replace('-', '_')}.py")

    @property
    def place(self) -> tuple[int, int]:
        """What milestones are ordered by: a later number may belong to an earlier stage."""
        return self.stage.order, self.number

    def __str__(self) -> str:
        return f"{self.number} {self.slug}"

    @classmethod
    def parse(cls, entry: Mapping[str, Any]) -> Self:
        """A milestone from its table in the manifest. Raises CurriculumError."""
        name = f"milestone {entry.get('number', '?')} ({entry.get('slug', '?')})"
        known = {column.name for column in fields(cls)}
        if strange := sorted(set(entry) - known):
            raise CurriculumError(f"{name}: unknown field {', '.join(strange)}")
        needed = {column.name for column in fields(cls) if column.default is MISSING}
        if missing := sorted(needed - set(entry)):
            raise CurriculumError(f"{name}: missing field {', '.join(missing)}")
        types = get_type_hints(cls)
        return cls(**{key: _typed(f"{name}: {key}", value, types[key]) for key, value in entry.items()})


def _typed(name: str, value: Any, wanted: type) -> Any:
    """The value as the field's type, lists as tuples of text. Raises CurriculumError."""
    if wanted == tuple[CoreEntry, ...]:
        return tables_of(name, value, CoreEntry)
    if wanted == tuple[Addition, ...]:
        return tables_of(name, value, Addition)
    if get_origin(wanted) is tuple:
        if isinstance(value, list) and all(isinstance(item, str) for item in value):
            return tuple(value)
        raise CurriculumError(f"{name} takes a list of texts, not {value!r}")
    if wanted is Stage:
        if value in list(Stage):
            return Stage(value)
        raise CurriculumError(f"{name} takes {', '.join(Stage)}, not {value!r}")
    if type(value) is not wanted:
        raise CurriculumError(f"{name} takes {wanted.__name__}, not {value!r}")
    return value


@dataclass(frozen=True)
class Catalog:
    """All milestones, stage by stage, in each by number."""

    milestones: tuple[Milestone, ...]
    _chains: dict[str, tuple[Milestone, ...]] = field(default_factory=dict, compare=False, repr=False)

    def __iter__(self) -> Iterator[Milestone]:
        return iter(self.milestones)

    def get(self, name: str | int) -> Milestone:
        """The milestone with that slug or number (8, "8" and "08" are the same). Raises UnknownMilestoneError."""
        text = str(name).strip()
        # Longer ones are no number of ours, and from 4,300 digits on int() raises.
        number = int(text) if text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER else None
        for milestone in self.milestones:
            if milestone.slug == text or milestone.number == number:
                return milestone
        raise UnknownMilestoneError(name, self._near(text))

    def _near(self, text: str) -> list[str]:
        titles = {milestone.title.lower(): milestone.slug for milestone in self.milestones}
        slugs = {milestone.slug: milestone.slug for milestone in self.milestones}
        names = titles | slugs
        close = get_close_matches(text.lower(), names, n=5, cutoff=0.6)
        inside = [name for name in slugs if len(text) > 2 and text.lower() in name]
        return list(dict.fromkeys(names[name] for name in [*close, *inside]))[:3]

    def of_stage(self, stage: Stage | str) -> tuple[Milestone, ...]:
        return tuple(milestone for milestone in self.milestones if milestone.stage == stage)

    @property
    def switchable(self) -> tuple[Milestone, ...]:
        return tuple(milestone for milestone in self.milestones if milestone.switchable)

    def requirements(self, name: str | int) -> tuple[Milestone, ...]:
        """Everything it requires, also indirectly: what is required stands before what requires it."""
        return self.chain(self.get(name).slug)[:-1]

    def chain(self, slug: str) -> tuple[Milestone, ...]:
        """The requirements of a milestone and, last, the milestone itself. Remembered: every question asks for it."""
        if slug not in self._chains:
            found: dict[str, Milestone] = {}
            self._collect(slug, found, frozenset())
            self._chains[slug] = tuple(found.values())
        return self._chains[slug]

    def _collect(self, slug: str, found: dict[str, Milestone], above: frozenset[str]) -> None:
        # `above` ends a cycle, which is the system check's to report.
        if slug in found or slug in above:
            return
        milestone = self.get(slug)
        for required in milestone.requires:
            self._collect(required, found, above | {slug})
        found[slug] = milestone

    def dependants(self, name: str | int) -> tuple[Milestone, ...]:
        """Everything that requires it, also indirectly, in the order of the catalog."""
        slug = self.get(name).slug
        return tuple(
            milestone
            for milestone in self.milestones
            if milestone.slug != slug and any(step.slug == slug for step in self.chain(milestone.slug))
        )


def load(path: Path) -> Catalog:
    """The catalog of one manifest. Raises CurriculumError."""
    return parse(path.read_text(encoding="utf-8"), path.name)


def parse(text: str, name: str) -> Catalog:
    """The catalog of a manifest's text; `name` is what to call it. Raises CurriculumError."""
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise CurriculumError(f"{name} is not TOML: {error}") from error
    milestones = (Milestone.parse(entry) for entry in document.get("milestone", []))
    return Catalog(tuple(sorted(milestones, key=lambda milestone: milestone.place)))


@cache
def catalog() -> Catalog:
    """The curriculum of this project."""
    return load(MANIFEST)
