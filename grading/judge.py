"""Runs every check on a prepared copy: `python -m grading.judge CODE HOME PYTHON ANSWER [NUMBER …]`.

A process of its own, so that it can be started where there is no network but loopback, and end with all its children.
"""

import json
import signal
import sys
import time
from importlib import import_module
from pathlib import Path
from typing import Any

from grading.checks import CHECKS, Check
from grading.checks.deliverables import deliverables
from grading.served import Served, served
from grading.verdicts import CannotStartError, Fails, NotJudged
from grading.workplace import Workplace

for module in ("junior", "deliverables", "middle", "advanced"):
    import_module(f"grading.checks.{module}")


def judged(check: Check, project: Served) -> dict[str, Any]:
    """What came of one check: `status` is pass, fail or unjudged."""
    begun = time.monotonic()
    name = f"{check.run.__module__.replace('.', '/')}.py::{check.run.__name__}"
    found = {"milestone": check.milestone, "says": check.says, "name": name}
    try:
        check.run(project)
        said = {"status": "pass"}
    except Fails as error:
        said = {"status": "fail", "did": error.did, "expected": error.expected, "got": error.got}
    except NotJudged as error:
        said = {"status": "unjudged", "got": str(error)}
    except Exception as error:  # a bug of a check: never an accusation
        said = {"status": "unjudged", "got": f"the grader stumbled: {type(error).__name__}: {error}"[:300]}
    return {**found, **said, "seconds": round(time.monotonic() - begun, 2)}


def wanted(only: set[int]) -> list[Check]:
    """The checks of these milestones, of all where none is named, in the order of the curriculum."""
    found = (check for check in CHECKS if not only or check.milestone in only)
    return sorted(found, key=lambda one: one.milestone)


def main(code: str, home: str, python: str, answer: str, *only: str) -> None:
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(1))  # so that what it has started is ended
    found: dict[str, Any] = {}
    try:
        with served(Workplace(Path(code), Path(home), Path(python))) as project:
            results = [judged(check, project) for check in wanted(set(map(int, only)))]
            more = deliverables(results, project.tests)
            found["results"] = [*results, *(judged(check, project) for check in more)]
    except CannotStartError as error:
        found["stopped"] = str(error)
    Path(answer).write_text(json.dumps(found), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
