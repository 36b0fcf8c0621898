"""The entries of a milestone in the manifest: the code of its core, and what lies beyond it."""

from collections import Counter
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any, Self, TypeVar


class CurriculumError(ValueError):
    """The manifest cannot be read; the message names the milestone and the field."""


class Kind(StrEnum):
    """What code beyond a milestone's tasks is there for."""

    SCALE = "scale"
    RACES = "races"
    HOSTILE = "hostile"
    OUTAGES = "outages"
    COMFORT = "comfort"

    @property
    def heading(self) -> str:
        return KIND_HEADINGS[self]


KIND_HEADINGS = {
    Kind.SCALE: "Scale: many rows, many visitors",
    Kind.RACES: "Races: two at the same moment",
    Kind.HOSTILE: "Hostile input: what strangers send",
    Kind.OUTAGES: "Outages: when something is away",
    Kind.COMFORT: "Comfort: pleasant, not asked for",
}


@dataclass(frozen=True)
class CoreEntry:
    """Code that the milestone's tasks ask for. `practised`: a learner can take it out and write it again."""

    name: str
    practised: bool

    @classmethod
    def parse(cls, where: str, entry: Any) -> Self:
        """From its table. Raises CurriculumError."""
        match entry:
            case {"practised": str(name)} | {"shown": str(name)} if len(entry) == 1 and name.strip():
                return cls(name, "practised" in entry)
        raise CurriculumError(f'{where} takes tables of practised = "…" or shown = "…", not {entry!r}')


@dataclass(frozen=True)
class Addition:
    """Code that the milestone's tasks do not ask for, and why this project has it all the same."""

    name: str
    kind: Kind
    why: str

    @classmethod
    def parse(cls, where: str, entry: Any) -> Self:
        """From its table. Raises CurriculumError."""
        needed = {column.name for column in fields(cls)}
        if not isinstance(entry, dict) or set(entry) != needed:
            raise CurriculumError(f"{where} takes tables of {', '.join(sorted(needed))}, not {entry!r}")
        if empty := [key for key, value in entry.items() if not (isinstance(value, str) and value.strip())]:
            raise CurriculumError(f"{where}: {', '.join(empty)} takes a text, in {entry!r}")
        if entry["kind"] not in list(Kind):
            raise CurriculumError(f"{where}: kind takes {', '.join(Kind)}, not {entry['kind']!r}")
        return cls(entry["name"], Kind(entry["kind"]), entry["why"])


Named = TypeVar("Named", CoreEntry, Addition)


def tables_of(where: str, value: Any, kind: type[Named]) -> tuple[Named, ...]:
    if not isinstance(value, list):
        raise CurriculumError(f"{where} takes a list of tables, not {value!r}")
    found = tuple(kind.parse(where, entry) for entry in value)
    counted = Counter(entry.name for entry in found)
    if twice := [name for name, count in counted.items() if count > 1]:
        raise CurriculumError(f"{where} names {', '.join(twice)} more than once")
    return found
