"""`python -m bench.verdicts [MILESTONE…]`: the time `stages check` takes to its verdict, beside pytest on its files.

Each milestone is asked by turns, `--rounds` times, and the median taken. On a busy machine look at the processor time:
it does not count the waiting for others. Exits with 1 when a verdict takes more than 1.5 times as long, in both.
"""

import argparse
import os
import resource
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass

from stages.catalog import ROOT, Milestone, catalog
from stages.checking.files import files_of

PROMISED = 1.5


@dataclass(frozen=True)
class Taken:
    """Seconds until the first line was there, and of processor time until the end."""

    waited: float
    processor: float


def taken_by(*arguments: str) -> Taken:
    environment = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    with subprocess.Popen(
        [sys.executable, *arguments], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
    ) as process:
        first = process.stdout.readline()
        waited = time.perf_counter() - start
        process.communicate()
        ended = time.perf_counter() - start
    if process.returncode:
        sys.exit(f"{' '.join(arguments)} ended with {process.returncode}: {first}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Taken(waited if arguments[0] == "manage.py" else ended, used)


def measured(milestone: Milestone, rounds: int) -> tuple[Taken, Taken]:
    """`stages check` and pytest; the first line that pytest writes says nothing, so its end counts."""
    files = [file.relative_to(ROOT).as_posix() for file in files_of(milestone, ROOT)]
    ours, theirs = [], []
    for _ in range(rounds):
        ours.append(taken_by("manage.py", "stages", "check", milestone.slug, "--alone"))
        theirs.append(taken_by("-m", "pytest", "-q", *files))
    return median(ours), median(theirs)


def median(found: list[Taken]) -> Taken:
    return Taken(
        *(statistics.median(getattr(one, name) for one in found) for name in ("waited", "processor"))
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("milestones", nargs="*", metavar="MILESTONE", help="number or slug; all without any")
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    print("| milestone | to the verdict | pytest | ratio | processor time | pytest | ratio |")
    print("|---|---:|---:|---:|---:|---:|---:|", flush=True)
    slow = 0
    for milestone in [catalog().get(name) for name in asked.milestones] or catalog():
        ours, theirs = measured(milestone, asked.rounds)
        ratios = ours.waited / theirs.waited, ours.processor / theirs.processor
        slow += min(ratios) > PROMISED
        print(
            f"| {milestone} | {ours.waited:.1f} s | {theirs.waited:.1f} s | **{ratios[0]:.2f}** "
            f"| {ours.processor:.1f} s | {theirs.processor:.1f} s | **{ratios[1]:.2f}** |",
            flush=True,
        )
    print(f"\n{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} at the end; promised: ≤ {PROMISED}.")
    return 1 if slow else 0


if __name__ == "__main__":
    sys.exit(main())
