"""The checks, one module a stage: each names the milestone and the sentence of the seed that it comes from."""

from collections.abc import Callable
from dataclasses import dataclass

from grading.served import Served


@dataclass(frozen=True)
class Check:
    """`says`: the seed's sentence. `run` raises Fails or NotJudged; otherwise all is well."""

    milestone: int
    says: str
    run: Callable[[Served], None]


CHECKS: list[Check] = []


def check(milestone: int, says: str) -> Callable[[Callable[[Served], None]], Callable[[Served], None]]:
    def keep(run: Callable[[Served], None]) -> Callable[[Served], None]:
        CHECKS.append(Check(milestone, says, run))
        return run

    return keep
