"""Results as people count them: a check is one test function, however many inputs it is tried with."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from stages.checking.results import Result, Row, Status, worst_of
from stages.checking.words import is_code_line, readable, sentence

# What is special about a run, beside the first.
RUNS = {"own": "", "all": "with everything on", "off": "while it is off", "mistakes": "with a known mistake"}
ORDER = (Status.FAIL, Status.ERROR, Status.BLOCKED, Status.UNJUDGED, Status.PASS)


@dataclass(frozen=True)
class Check:
    """One test function in one run, with the result of each of its inputs."""

    results: tuple[Result, ...]

    @property
    def status(self) -> Status:
        return worst_of(self.results)

    @property
    def bad(self) -> tuple[Result, ...]:
        return tuple(result for result in self.results if result.status is not Status.PASS)

    @property
    def first(self) -> Result:
        """The one that is told: the first that fails, of those as bad as the worst."""
        return next(result for result in self.results if result.status is self.status)

    @property
    def run(self) -> str:
        return self.first.run

    @property
    def required(self) -> bool:
        return any(result.required for result in self.results)

    @property
    def kind(self) -> str:
        """What it judges, one of CHECK_KINDS; empty where that is not known."""
        return self.first.judged_kind

    @property
    def decides(self) -> bool:
        return any(result.decides for result in self.results)

    @property
    def seconds(self) -> float:
        return sum(result.seconds for result in self.results)

    @property
    def test(self) -> str:
        return function_of(self.first)

    @property
    def title(self) -> str:
        """What is checked, and which mistake it should have caught."""
        said = sentence(self.test)
        return f"{self.first.mistake}: {said}" if self.first.mistake else said

    @property
    def notes(self) -> str:
        """What stands in brackets behind the title."""
        return ", ".join(note for note in (self.kind, RUNS[self.run]) if note)

    @property
    def told(self) -> list[str]:
        """Why it is red: what came, for how many of its inputs, and the project's line that the error came through."""
        inputs = f"{self.inputs}." if self.inputs else ""
        broke = f"It broke at {self.line}." if self.line else ""
        return [said for said in (self.sentence, inputs, broke) if said]

    @property
    def inputs(self) -> str:
        """“3 of 9 inputs fail, the first: анна”; empty for a check without inputs, or with a mistake for one."""
        parameters = readable(self.first.test.partition("[")[2].removesuffix("]"))
        if not parameters or self.first.mistake:
            return ""
        return f"{len(self.bad)} of {len(self.results)} inputs fail, the first: {parameters}"

    @property
    def sentence(self) -> str:
        """What came, in the words of the check; what was expected where the title does not say it."""
        said = self.first.expected
        expected = f"expected {said}: " if said and not self._title_says(said) else ""
        return f"{expected}{self.first.got}" or "it failed without a word"

    def _title_says(self, expected: str) -> bool:
        return expected.partition(" [")[0] in (self.title, sentence(self.test))

    @property
    def line(self) -> str:
        """The line of the project that the error came through, as `path:line`; empty for none."""
        return next((place for place in self.first.look_at[:1] if is_code_line(place)), "")


@dataclass(frozen=True)
class Checks:
    """All checks of one milestone, the red ones in the order in which they are told: the required ones first."""

    all: tuple[Check, ...]
    counts: dict[str, tuple[int, int]]

    @classmethod
    def of(cls, row: Row) -> Self:
        return cls(grouped(row.results), row.counts)

    @property
    def bad(self) -> list[Check]:
        found = [check for check in self.all if check.status is not Status.PASS]
        return sorted(
            found, key=lambda check: (not check.decides, not check.required, ORDER.index(check.status))
        )

    @property
    def deciding(self) -> list[Check]:
        """The red checks by which the milestone does not hold."""
        return [check for check in self.bad if check.decides]

    @property
    def stars(self) -> list[Check]:
        """The red checks that are further stars."""
        return [check for check in self.bad if not check.decides]

    @property
    def passed(self) -> int:
        return len(self.all) - len(self.bad)

    @property
    def count(self) -> str:
        """“required 6 of 6 · switch 3 of 3 · scale 1 of 2”; “21 of 25 checks pass” where none says its kind."""
        return counted(self.counts)

    @property
    def look_at(self) -> list[str]:
        """Where the milestone is made: said once, and not under each of its checks."""
        places = [place for check in self.bad for result in check.bad for place in result.look_at]
        return list(dict.fromkeys(place for place in places if not is_code_line(place)))


def grouped(results: Iterable[Result]) -> tuple[Check, ...]:
    found: dict[tuple[str, str, str], list[Result]] = {}
    for result in results:
        found.setdefault((result.run, result.mistake, function_of(result)), []).append(result)
    return tuple(Check(tuple(inputs)) for inputs in found.values())


def function_of(result: Result) -> str:
    return result.test.partition("[")[0]


def counted(counts: Mapping[str, Sequence[int]]) -> str:
    """The counts in words."""
    if set(counts) <= {"", "other"}:
        passed, all_ = next(iter(counts.values()), (0, 0))
        return f"{passed} of {all_} checks pass"
    return " · ".join(f"{kind or 'other'} {passed} of {all_}" for kind, (passed, all_) in counts.items())
