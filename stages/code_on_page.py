"""The code on a milestone's page: its core, and what lies beyond it with the checks that show it."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from stages.catalog import ROOT, Milestone
from stages.checking.declared_checks import DeclaredCheck, checks_in
from stages.checking.files import files_of
from stages.checking.words import sentence
from stages.code import Excerpt, MissingCodeError, excerpt
from stages.entries import Kind


@dataclass(frozen=True)
class CodeOnPage:
    """One entry: its lines, or what is missing. `note` says of the core whose it is, of the rest why it is there."""

    name: str
    note: str
    excerpt: Excerpt | None = None
    missing: str = ""


@dataclass(frozen=True)
class BeyondOnPage:
    """Everything of one kind, and what the checks of that kind say."""

    kind: Kind
    entries: tuple[CodeOnPage, ...]
    checks: tuple[str, ...]


def core_of(milestone: Milestone) -> list[CodeOnPage]:
    return [_entry(one.name, "Yours to write" if one.practised else "Given") for one in milestone.code]


def beyond_of(milestone: Milestone) -> list[BeyondOnPage]:
    """In the order of Kind; a kind without code is left out."""
    checks = declared(milestone)
    return [
        BeyondOnPage(
            kind,
            tuple(_entry(addition.name, addition.why) for addition in additions),
            tuple(sentence(check.test) for check in checks if kind in check.kinds),
        )
        for kind, additions in milestone.beyond_by_kind.items()
    ]


def _entry(name: str, note: str) -> CodeOnPage:
    try:
        return CodeOnPage(name, note, excerpt(name))
    except MissingCodeError as missing:
        return CodeOnPage(name, note, missing=str(missing))


def declared(milestone: Milestone) -> list[DeclaredCheck]:
    """The milestone's checks as they stand in their files; none in a container, which has no tests."""
    return [
        check for file in files_of(milestone, ROOT) for check in _checks_in(file, file.stat().st_mtime_ns)
    ]


@lru_cache(maxsize=256)
def _checks_in(file: Path, written: int) -> list[DeclaredCheck]:
    """Remembered for as long as nobody has written to the file."""
    return checks_in(file, ROOT)
