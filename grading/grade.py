"""From a path to a report: the same that `stages check` makes of our own code."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Collection
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from grading.commands import ended, last_line, started
from grading.project import Project
from grading.sources import fetched, name_of
from grading.verdicts import CannotStartError
from grading.workplace import Workplace, workplace
from stages.catalog import ROOT, catalog
from stages.checking.results import Report, Result, Status

LONGEST = 300
# Its own users, network and processes: it sees loopback alone, and nothing of it outlives the run.
APART = ["unshare", "--user", "--map-root-user", "--net", "--pid", "--fork", "--kill-child", "--mount-proc"]
# Fewer processes than a machine has room for: a bound on them counts only what runs in there. (Not for root.)
LOOPBACK = 'ip link set lo up && exec prlimit --nproc=1024 "$@"'


def graded_source(source: str, python: Path | None = None) -> Report:
    """The same of a path or a repository's address. Whatever goes wrong is told in the report: others wait in line."""
    try:
        with fetched(source) as path:
            return graded(path, python)
    except CannotStartError as error:
        return could_not(name_of(source), str(error))
    except Exception as error:  # a bug of the grader: never an accusation, nor the end of a list
        return could_not(name_of(source), f"The grader stumbled: {type(error).__name__}: {error}"[:300])


def could_not(project: str, why: str) -> Report:
    """A report that says why there is none."""
    return Report(tuple(unjudged(why)), {"project": project, "stopped": why})


def graded(path: Path, python: Path | None = None, only: Collection[int] = ()) -> Report:
    """What holds of the project at `path`, or of these milestones alone.

    A project that cannot be started is a report that says why (`stopped`).
    """
    begun = time.monotonic()
    about: dict[str, Any] = {
        "project": path.name,
        "started": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    try:
        with workplace(Project.found_in(path), python) as place:
            found = judged(place, only)
    except CannotStartError as error:
        found = {"stopped": str(error)}
    about["seconds"] = round(time.monotonic() - begun, 1)
    if "stopped" in found:
        about["stopped"] = found["stopped"]
    results = tuple(map(result_of, found.get("results", []))) or tuple(unjudged(found.get("stopped", "")))
    return Report(results, about)


def judged(place: Workplace, only: Collection[int]) -> dict[str, Any]:
    """The judge's answer. Raises CannotStartError."""
    answer = place.home.parent / "answer.json"
    paths = [str(one) for one in (place.code, place.home, place.python, answer)]
    command = [*apart(), sys.executable, "-m", "grading.judge", *paths, *map(str, only)]
    log = place.home.parent / "judge.log"
    status = finished(command, log)
    if not answer.is_file():
        raise CannotStartError(f"The judge ended with {status}: {last_line(log.read_text(errors='replace'))}")
    found: dict[str, Any] = json.loads(answer.read_text(encoding="utf-8"))
    return found


def finished(command: list[str], log: Path) -> int:
    """The exit status; what it complained of is in the log. Raises CannotStartError when it takes too long."""
    judge = started(command, cwd=ROOT, env=dict(os.environ), log=log)
    try:
        return judge.wait(LONGEST)
    except subprocess.TimeoutExpired:
        raise CannotStartError(f"It was not done after {LONGEST} seconds.") from None
    finally:
        lets_go(judge)
        ended(judge)


def lets_go(judge: "subprocess.Popen[bytes]") -> None:
    """Time to end what it has started, unless it is done; also after Ctrl-C."""
    if judge.poll() is None:
        os.killpg(judge.pid, signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            judge.wait(10)


def apart() -> list[str]:
    """The beginning of a command that shuts it off, where this system allows it; else nothing."""
    if not all(map(shutil.which, ("unshare", "ip", "prlimit"))):
        return []
    command = [*APART, "sh", "-c", LOOPBACK, "sh"]
    tried = subprocess.run([*command, "true"], capture_output=True, check=False)
    return command if tried.returncode == 0 else []


def result_of(found: dict[str, Any]) -> Result:
    milestone = catalog().get(str(found["milestone"]))
    return Result(
        "own",
        milestone.slug,
        found["name"],
        Status(found["status"]),
        required=True,
        kind="required",
        expected=found.get("expected", ""),
        got=f"{found['did']} → {found['got']}" if "did" in found else found.get("got", ""),
        look_at=(found["says"],),
        seconds=found["seconds"],
    )


def unjudged(why: str) -> list[Result]:
    """Of a project that could not be started: nothing is known of any milestone."""
    return [
        Result("own", one.slug, "", Status.UNJUDGED, required=True, kind="required", got=why)
        for one in catalog()
    ]
