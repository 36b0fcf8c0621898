"""Takes the core of a milestone out of the code, so that a learner writes it again."""

import subprocess
import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from typing import Any

from stages.catalog import ROOT, Milestone
from stages.commands.check import Output
from stages.practice import own_tests
from stages.practice.asked import suggestion, to_begin
from stages.practice.following import spans
from stages.practice.regions import Region
from stages.practice.state import State
from stages.practice.taking_out import refuse_twice, take_out
from stages.practice.writing import practising

HELP = (
    "Take a milestone out of the code, to write it yourself: its functions raise “yours to write” until you have. "
    "The original is kept and comes back with `restore`. Name one or several milestones, or a whole stage."
)


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("names", nargs="*", metavar="MILESTONE|STAGE", help="number, slug or stage")


def run(out: Output, options: dict[str, Any]) -> int:
    with practising(ROOT, out.write):
        state = State.read(ROOT)
        milestones = to_begin(options["names"], state)
        refuse_twice(milestones, state)
        places = take_out([one for one in milestones if one.practised], ROOT)
        for milestone in milestones:
            if milestone.own_tests_catch:
                own_tests.begin(milestone, ROOT)
    for milestone in milestones:
        _tell(out, milestone, [place for place in places if place.milestone == milestone.slug])
    out.write(turned_on(milestones))
    out.write("A server that is running shows the change by itself, or after it is started again.")
    _tell_next(out, milestones)
    return 0


def _tell(out: Output, milestone: Milestone, places: Sequence[Region]) -> None:
    out.write(f"Milestone {milestone} is yours to write.")
    out.write("\nTasks:")
    for task in milestone.tasks:
        out.write(f"  - {task}")
    out.write(f"  Check: {milestone.check}")
    out.write("\nPlaces to write:" if places else f"\nWrite your tests in {own_tests.FOLDER}/test_mine.py")
    for path, line, label in lines_now(places):
        out.write(f"  {path}:{line}  {label}")
    out.write(f"\nThe lesson: {milestone.path_doc.as_posix()}\n")


def lines_now(places: Sequence[Region]) -> list[tuple[str, int, str]]:
    """File, line and name of each place, as the files are now."""
    state = State.read(ROOT)
    found = []
    for path in dict.fromkeys(place.path for place in places):
        now = spans(state.original(path, ROOT), state.regions_in(path))
        found += [(path, now[place][0] + 1, place.label) for place in places if place.path == path]
    return found


def turned_on(milestones: Sequence[Milestone]) -> str:
    """Turns them on, in a process of its own: it needs Django and a database. What came of it, in one line."""
    slugs = [milestone.slug for milestone in milestones if milestone.switchable]
    if not slugs:
        return "It is always on: nothing has to be switched."
    asked = [sys.executable, str(ROOT / "manage.py"), "stages", "on", *slugs]
    done = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603  # our own command
    if done.returncode == 0:
        return f"Switched on for everyone: {', '.join(slugs)}"
    lines = done.stderr.strip().splitlines()
    return f"It could not be turned on: {lines[-1] if lines else 'no reason was given'}"


def _tell_next(out: Output, milestones: Sequence[Milestone]) -> None:
    number = milestones[0].number
    out.write("\nNow write it. At each save you see what is still missing with:")
    out.write(f"  python manage.py stages check {number} --watch")
    out.write(f"Stuck: python manage.py stages hint {number}")
    out.write(f"The way back: python manage.py stages restore {number}")
    out.write(f"\n{suggestion(State.read(ROOT))}")
