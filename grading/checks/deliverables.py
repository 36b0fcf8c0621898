"""What the seed asks for beside the milestones: tests of one's own, more of them after each stage."""

from collections.abc import Callable
from typing import Any

from grading.checks import Check, check
from grading.served import Served
from grading.verdicts import Fails, NotJudged
from stages.catalog import catalog

TESTS = 45  # seconds
DELIVERABLES = {"middle": 5, "advanced": 8}


@check(7, "Check: `pytest` is green; Junior: ≥ 2 automated tests")
def its_own_tests_are_green(served: Served) -> None:
    status, said = served.place.run(
        "-m", "pytest", "-q", "--no-header", "-p", "no:cacheprovider", seconds=TESTS
    )
    if status is None:
        raise NotJudged(f"its tests took more than {TESTS} seconds")
    if "No module named pytest" in said:
        raise NotJudged("pytest is not among its requirements")
    if status:
        raise Fails("pytest was run", "all of it green", said.strip().splitlines()[-1][:200])
    passed = next(
        (
            int(word)
            for word, of in zip(said.split(), said.split()[1:], strict=False)
            if of.startswith("passed")
        ),
        0,
    )
    served.tests = passed
    if passed < 2:
        raise Fails("pytest was run", "at least 2 tests", f"{passed}")


def deliverables(found: list[dict[str, Any]], tests: int | None) -> list[Check]:
    """How many tests the seed wants of whoever has done all of stage 2 or 3; nothing while a stage is under way."""
    checks = []
    for stage, wanted in DELIVERABLES.items():
        said = [one["status"] for one in found if catalog().get(str(one["milestone"])).stage == stage]
        if tests is not None and "pass" in said and "fail" not in said:
            checks.append(
                Check(7, f"{stage.capitalize()}: ≥ {wanted} automated tests", enough(tests, wanted))
            )
    return checks


def enough(tests: int, wanted: int) -> Callable[[Served], None]:
    def there_are_as_many_tests_as_the_stage_wants(served: Served) -> None:
        if tests < wanted:
            raise Fails("pytest was run", f"at least {wanted} tests", f"{tests}")

    return there_are_as_many_tests_as_the_stage_wants
