"""Proves the grader on our own CRM, spoilt on purpose, and writes the tables of docs/grading.md: `make prove-grader`.

Each milestone is switched off in a copy: exactly that one has to fall, and what stands on it is blocked. Then each of
the known mistakes (tests/stages/mistakes/) is made in a copy: it is caught, or it cannot be seen from outside.
"""

import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

import django

from grading.grade import graded
from stages.catalog import catalog
from stages.checking.mistakes import mistakes_of

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "grading.md"
BEGIN, END = "<!-- proof: begin (make prove-grader) -->\n", "<!-- proof: end -->"
SETTINGS = "mini_crm.settings.advanced"
CAUGHT = "fail"
SEEN = {"fail": "falls", "pass": "cannot be seen", "unjudged": "not judged"}
# Its own suite, which 7 would run, takes minutes and is what `make test` is for.
ASKED = [one.number for one in catalog() if one.number != 7]
HOW = {"pass": "", "unjudged": " (not judged)"}
VARIED = """\
from mini_crm.settings.advanced import *

INSTALLED_APPS = [*INSTALLED_APPS, "variation.Variation"]
"""
APP = """\
from django.apps import AppConfig


class Variation(AppConfig):
    name = "variation"

    def ready(self):
"""
OFF = """\
        from django.db.models.signals import post_migrate
        post_migrate.connect(self.off, sender=self)

    def off(self, **about):
        from stages import switches
        switches.turn_off([{!r}])
"""
MISTAKE = """\
        from django.urls import get_resolver
        from stages.checking.mistakes import applied, mistake_named
        get_resolver().url_patterns  # everything is imported before it is spoilt
        self.patch = applied(mistake_named({!r}))
        self.patch.__enter__()
"""


def spoilt(folder: Path, does: str) -> Path:
    """A copy of the last commit whose settings have one more app, which does that once it is ready."""
    copy = folder / "crm"
    subprocess.run(["git", "clone", "--quiet", "--depth", "1", f"file://{ROOT}", str(copy)], check=True)
    (copy / "mini_crm" / "settings" / "varied.py").write_text(VARIED)
    (copy / "variation").mkdir()
    (copy / "variation" / "__init__.py").write_text(APP + does)
    (copy / "variation" / "models.py").touch()  # only apps with models are told of migrations
    manage = copy / "manage.py"
    manage.write_text(manage.read_text().replace(SETTINGS, "mini_crm.settings.varied"))
    shutil.rmtree(copy / ".git")
    return copy


def statuses(does: str, *only: int) -> dict[int, str]:
    """What the grader says of such a copy, by milestone."""
    with TemporaryDirectory() as folder:
        report = graded(spoilt(Path(folder), does), Path(sys.executable), only)
    if report.stopped:
        return dict.fromkeys(only, report.stopped)
    return {row.milestone.number: str(row.status) for row in report.rows}


def without(slug: str) -> str:
    """A row: the milestone, what it does to the others, or how it is not as it should be."""
    milestone, found = catalog().get(slug), statuses(OFF.format(slug), *ASKED)
    fallen = [number for number, status in found.items() if status == "fail"]
    blocked = [number for number, status in found.items() if status == "blocked"]
    says = SEEN.get(found[milestone.number], found[milestone.number])
    if others := [number for number in fallen if number != milestone.number]:
        says += f", and so do {others}"
    print(f"{milestone.number} off: {says}, {blocked or 'nothing'} blocked", flush=True)
    return f"| {milestone} | {says} | {', '.join(map(str, blocked)) or '–'} |\n"


def with_mistake(name: str, number: int) -> tuple[int, str, str]:
    """The milestone, the mistake and what is said of it."""
    found = statuses(MISTAKE.format(name), number).get(number, "nothing")
    print(f"{name}: {found}", flush=True)
    return number, name.partition(":")[2], found


def switched_off() -> str:
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        rows = pool.map(without, [one.slug for one in catalog().switchable])
    return "| switched off | it | blocked by it |\n|---|---|---|\n" + "".join(rows)


def mistakes_made() -> str:
    known = [(mistake.id, one.number) for one in catalog() for mistake in mistakes_of(one)]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        found = list(pool.map(with_mistake, *zip(*known, strict=True)))
    caught = sum(says == CAUGHT for *_, says in found)
    head = f"Of {len(found)} known mistakes {caught} are caught.\n\n| milestone | caught | not visible from outside |\n"
    rows = (
        row(str(one), [(name, says) for number, name, says in found if number == one.number])
        for one in catalog()
    )
    return f"{head}|---|---|---|\n{''.join(rows)}"


def row(milestone: str, found: list[tuple[str, str]]) -> str:
    """Nothing for a milestone without known mistakes."""
    caught = ", ".join(f"`{name}`" for name, says in found if says == CAUGHT)
    others = ", ".join(f"`{name}`{HOW.get(says, f' ({says})')}" for name, says in found if says != CAUGHT)
    return f"| {milestone} | {caught or '–'} | {others or '–'} |\n" if found else ""


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    django.setup()
    tables = f"{switched_off()}\n{mistakes_made()}"
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    PAGE.write_text(f"{before}{BEGIN}{tables}{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
