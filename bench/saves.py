"""`python -m bench.saves [MILESTONE…]`: seconds from a save to the verdict of `check --watch`, beside a cold run.

In a copy of the project a milestone is taken out and solved plainly, as a learner's files are. One of them is saved
`--rounds` times; the median counts until the verdict of the required checks is told. Beside it, medians of three: a
cold `stages check` until the same verdict, and a cold `pytest FILE` of the milestone's own file. Exits with 1 where a
verdict takes more than half of the cold check, or for a milestone of the junior stage more than 2 s.
"""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from stages.catalog import ROOT, Milestone, Stage, catalog
from stages.checking.practice_proof import LEFT_OUT
from stages.checking.starting import environment
from stages.practice.placing import put_solution
from stages.practice.taking_out import take_out

MOST_SECONDS, MOST_OF_COLD = 2.0, 0.5
VERDICTS = ("The required checks hold", "FAIL", "pass", "ERROR", "blocked")


def saves(milestone: Milestone, rounds: int) -> tuple[float, float, float]:
    """The medians of a save, of a cold check and of a cold pytest."""
    with tempfile.TemporaryDirectory(prefix="saves-") as folder:
        root = Path(folder, "copy")
        shutil.copytree(ROOT, root, ignore=LEFT_OUT)
        path = root / take_out([milestone], root)[0].path
        put_solution(milestone, root)
        return saved(milestone, path, root, rounds), cold_check(milestone, root), cold_pytest(milestone, root)


def saved(milestone: Milestone, path: Path, root: Path, rounds: int) -> float:
    asked = [sys.executable, "manage.py", "stages", "check", milestone.slug, "--alone", "--watch"]
    with subprocess.Popen(asked, cwd=root, env=environment(), stdout=subprocess.PIPE, text=True) as process:
        try:
            wait_for(process, "Waiting for a file")
            found = []
            for _ in range(rounds):
                path.touch()
                begun = time.perf_counter()
                wait_for(process, *VERDICTS)
                found.append(time.perf_counter() - begun)
                wait_for(process, "Waiting for a file")
        finally:
            process.terminate()
    return statistics.median(found)


def wait_for(process: "subprocess.Popen[str]", *beginnings: str) -> None:
    while line := process.stdout.readline():
        if line.startswith(beginnings):
            return
    sys.exit("`check --watch` has ended.")


def cold_check(milestone: Milestone, root: Path) -> float:
    found = []
    for _ in range(3):
        begun = time.perf_counter()
        asked = [sys.executable, "manage.py", "stages", "check", milestone.slug, "--alone"]
        with subprocess.Popen(
            asked, cwd=root, env=environment(), stdout=subprocess.PIPE, text=True
        ) as process:
            wait_for(process, *VERDICTS)
            found.append(time.perf_counter() - begun)
            process.communicate()
    return statistics.median(found)


def cold_pytest(milestone: Milestone, root: Path) -> float:
    found = []
    for _ in range(3):
        begun = time.perf_counter()
        asked = [sys.executable, "-m", "pytest", "-q", milestone.test_file.as_posix()]
        subprocess.run(asked, cwd=root, env=environment(), stdout=subprocess.DEVNULL, check=False)
        found.append(time.perf_counter() - begun)
    return statistics.median(found)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("milestones", nargs="*", metavar="MILESTONE", help="number or slug; all without any")
    parser.add_argument("--rounds", type=int, default=20)
    asked = parser.parse_args()
    print(
        "| milestone | from a save to the verdict | cold `stages check` | ratio | cold `pytest FILE` | ratio |"
    )
    print("|---|---:|---:|---:|---:|---:|", flush=True)
    slow = 0
    for milestone in [catalog().get(name) for name in asked.milestones] or catalog():
        if milestone.practised:
            ours, check, file = saves(milestone, asked.rounds)
            slow += ours / check > MOST_OF_COLD or (milestone.stage is Stage.JUNIOR and ours > MOST_SECONDS)
            cold = f"{check:.2f} s | **{ours / check:.2f}** | {file:.2f} s | **{ours / file:.2f}**"
            print(f"| {milestone} | {ours:.2f} s | {cold} |", flush=True)
    print(f"\n{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} at the end; {asked.rounds} saves each.")
    return 1 if slow else 0


if __name__ == "__main__":
    sys.exit(main())
