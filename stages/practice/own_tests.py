"""Milestones that are practised by writing tests: `tests/mine/test_*.py`, judged by the known mistakes of others."""

import json
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from stages.catalog import Milestone
from stages.practice.putting_back import next_attempt
from stages.practice.state import STATE, State
from stages.practice.writing import carry_out

FOLDER = "tests/mine"
JUDGED = ".practice/judged.json"
# What the course asks for: a model test and a view test.
AT_LEAST = 2
# How many missed mistakes are told at once.
SHOWN = 5
BEGINNING = '''\
"""My tests for milestone {number}, {title}. Each test is a function whose name begins with `test_`.

A test that reads or writes clients takes the fixture `db`. `client` is Django's test browser.
"""

from clients.models import Client  # the model that most of your tests will ask
'''


@dataclass
class Judged:
    """What the learner's tests have shown: `red` says why, `missed` has the sentence of each known mistake."""

    green: list[str] = field(default_factory=list)
    red: dict[str, str] = field(default_factory=dict)
    caught: list[str] = field(default_factory=list)
    missed: dict[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, root: Path) -> Self | None:
        try:
            return cls(**json.loads((root / JUDGED).read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return None

    @property
    def holds(self) -> bool:
        return len(self.green) >= AT_LEAST and not self.red

    @property
    def not_caught(self) -> dict[str, str]:
        return {name: says for name, says in self.missed.items() if name not in self.caught}

    @property
    def count(self) -> str:
        """“9 of 24”: the known mistakes that the tests catch."""
        caught = len(set(self.caught))
        return f"{caught} of {caught + len(self.not_caught)}"

    @property
    def words(self) -> str:
        return f"{len(self.green)} of your tests are green, they catch {self.count} known mistakes"

    def lines(self) -> Iterator[str]:
        """In the words of a check."""
        for name, why in self.red.items():
            yield f"FAIL     {name}: {why}"
        if self.red:
            yield "Your tests have to be green on the CRM as it is."
            return
        state = "pass" if self.holds else "FAIL"
        yield f"{state:<8} Your tests: {len(self.green)} green; at least {AT_LEAST} are asked for."
        yield f"They catch {self.count} known mistakes."
        if self.not_caught:
            yield "Not yet:"
            yield from (f"  - {says}" for says in list(self.not_caught.values())[:SHOWN])


def begin(milestone: Milestone, root: Path) -> None:
    """Makes the learner's file, unless there is one already. Raises OSError."""
    state = State.read(root)
    state.own_tests.append(milestone.slug)
    changes: dict[str, bytes | None] = {STATE: state.as_bytes()}
    if not files(root):
        text = BEGINNING.format(number=milestone.number, title=milestone.title)
        changes[f"{FOLDER}/test_mine.py"] = text.encode()
    carry_out(changes, root)


def files(root: Path) -> list[Path]:
    return sorted((root / FOLDER).glob("test_*.py"))


def end(milestones: Sequence[Milestone], root: Path) -> list[str]:
    """Moves the learner's files to the attempts and says where. Raises OSError."""
    state, kept = State.read(root), []
    for milestone in milestones:
        if milestone.slug in state.own_tests:
            state.own_tests.remove(milestone.slug)
            attempt = next_attempt(milestone, root)
            moved: dict[str, bytes | None] = {STATE: state.as_bytes()}
            for path in files(root):
                moved[f"{attempt}/{path.name}"] = path.read_bytes()
                moved[path.relative_to(root).as_posix()] = None
            carry_out(moved, root)
            _remove_if_empty(root / FOLDER)
            kept.append(attempt)
    return kept


def _remove_if_empty(folder: Path) -> None:
    """What running the tests has left in it goes too; anything else of the learner's stays."""
    shutil.rmtree(folder / "__pycache__", ignore_errors=True)
    if folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()
