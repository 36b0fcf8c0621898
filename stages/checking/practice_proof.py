"""Shows that practice can be trusted, milestone by milestone, in a copy of the project.

Taken out, the milestone is red for its own reason and its neighbours stay green; with the plain solution its required
checks hold, and the manifest names those that it leaves red; put back, every byte is as it was.
"""

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from stages.catalog import ROOT, Milestone, Stage, catalog
from stages.checking.files import files_of
from stages.checking.prove import OPTIONS
from stages.checking.results import NoResultsError, Report, Result, Status
from stages.checking.running import LIMIT, QUIET
from stages.checking.starting import MOST_SECONDS, environment
from stages.practice.placing import put_solution
from stages.practice.putting_back import put_back
from stages.practice.regions import regions_of
from stages.practice.state import FOLDER
from stages.practice.taking_out import take_out

# What a copy does not need.
LEFT_OUT = shutil.ignore_patterns(
    ".git", ".venv", ".*_cache", FOLDER, ".results", ".services", "db.sqlite3*", "media"
)
STARTS = (("check",), ("makemigrations", "--check", "--dry-run"))
STUB = "This is yours to write"
AT_ONCE = 2
HEADINGS = (
    "Taken out",
    "red for its reason",
    "others green",
    "plain: required",
    "plain: red beyond",
    "put back",
)


@dataclass(frozen=True)
class Shown:
    """What one copy has shown: the cells of its line, and what is wrong."""

    name: str
    cells: tuple[str, ...]
    problems: tuple[str, ...]


def prove_practice(
    milestones: Sequence[Milestone], say: Callable[[str], object], *, full: bool = False
) -> list[Shown]:
    """One line for each milestone, then one for each stage that is asked for as a whole."""
    alone = [(str(one), (one,)) for one in milestones if one.practised]
    whole = [
        (f"all of {stage}", of_stage)
        for stage in Stage
        if len(of_stage := tuple(one for one in milestones if one.stage is stage and one.practised)) > 1
    ]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        shown = []
        for one in pool.map(lambda asked: _shown(*asked, full=full), [*alone, *whole]):
            say("  ".join((one.name, *one.cells)))
            shown.append(one)
        return shown


def _shown(name: str, out: tuple[Milestone, ...], *, full: bool) -> Shown:
    with tempfile.TemporaryDirectory(prefix="practice-") as folder:
        root = Path(folder, "copy")
        shutil.copytree(ROOT, root, ignore=LEFT_OUT)
        return Copy(root, out, full).prove(name)


@dataclass(frozen=True)
class Copy:
    """A copy of the project, and the milestones that are taken out of it."""

    root: Path
    out: tuple[Milestone, ...]
    full: bool

    def prove(self, name: str) -> Shown:
        before = contents(self.root)
        take_out(self.out, self.root)
        problems = [*self.cannot_start()]
        red, others = self.without()
        problems += [*self.not_for_its_reason(red), *_not_green(others), *self.met_while_off()]
        required, beyond = self.with_solutions() if len(self.out) == 1 else ([], [])
        problems += [*_not_green(required), *self.unexpected(beyond)]
        put_back(self.out, self.root)
        different = sorted(path for path, _ in set(contents(self.root).items()) ^ set(before.items()))
        problems += [f"put back, {', '.join(different)} is not what it was"] if different else []
        cells = (
            _count(red, lambda one: one.status is not Status.PASS),
            _count(others, _is_green),
            _count(required, _is_green),
            str(len(_functions(beyond))) if len(self.out) == 1 else "–",
            "NO" if different else "yes",
        )
        return Shown(name, cells, tuple(f"{name}: {problem}" for problem in problems))

    def cannot_start(self) -> Iterator[str]:
        """What Django says where the project does not start with the stubs in it."""
        for arguments in STARTS:
            ended = self.python("manage.py", *arguments)
            if ended.returncode:
                yield f"manage.py {arguments[0]} fails: {ended.stdout.strip()[-400:]}"

    def python(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(  # noqa: S603  # our own commands
            [sys.executable, *arguments],
            cwd=self.root,
            env=environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            timeout=MOST_SECONDS,
        )

    def without(self) -> tuple[list[Result], list[Result]]:
        """With the stubs: the required checks of what is out, and of what does not stand on it."""
        found = self.checks([*self.out, *self.others(standing=False)], "-m", "required")
        slugs = {one.slug for one in self.out}
        return [one for one in found if one.milestone in slugs], [
            one for one in found if one.milestone not in slugs
        ]

    def met_while_off(self) -> Iterator[str]:
        """Off, its stubs are not met: the contrast checks fail by what they assert, as they do with the code there.

        For one milestone alone: of a whole stage, what it stands on is out as well, and on.
        """
        if len(self.out) > 1 or not self.out[0].switchable:
            return
        for one in self.checks(self.out, *OPTIONS["off"]):
            if STUB in one.got:
                yield f"while it is off, {one.title} meets a stub: {one.got}"

    def with_solutions(self) -> tuple[list[Result], list[Result]]:
        """With the plain solution: every required check, and the milestone's own further ones that are red."""
        (milestone,) = self.out
        put_solution(milestone, self.root)
        own = self.checks(self.out)
        around = self.checks(self.others(standing=True), "-m", "required")
        required = [*(one for one in own if one.decides), *around]
        return required, [one for one in own if not one.decides and not _is_green(one)]

    def others(self, *, standing: bool) -> list[Milestone]:
        """Its neighbours: what it requires and what shares a file with it; with `standing` what stands on it too."""
        below = {step for one in self.out for step in catalog().requirements(one.slug)}
        above = {step for one in self.out for step in catalog().dependants(one.slug)}
        files = {region.path for one in self.out for region in regions_of(one, ROOT)}
        sharing = {one for one in catalog() if files & {region.path for region in regions_of(one, ROOT)}}
        around = set(catalog()) if self.full else below | sharing
        found = (around | above if standing else around - above) - set(self.out)
        return [one for one in catalog() if one in found]

    def checks(self, milestones: Sequence[Milestone], *arguments: str) -> list[Result]:
        if not milestones:
            return []
        files = [file.relative_to(ROOT).as_posix() for one in milestones for file in files_of(one, ROOT)]
        results = self.root.parent / "results.json"
        ended = self.python("-m", "pytest", *files, *QUIET, LIMIT, "--results", str(results), *arguments)
        try:
            return list(Report.read(results).results)
        except NoResultsError:
            said = ended.stdout.strip()[-400:]
            return [Result("own", one.slug, "", Status.ERROR, required=True, got=said) for one in milestones]
        finally:
            results.unlink(missing_ok=True)

    def not_for_its_reason(self, red: Iterable[Result]) -> Iterator[str]:
        found = list(red)
        if all(_is_green(one) for one in found):
            yield "taken out, it holds all the same"
        for one in found:
            if one.status is Status.ERROR or (one.frame and not one.got.startswith(STUB)):
                yield f"{one.title} is red for another reason: {one.got}"

    def unexpected(self, red: Iterable[Result]) -> Iterator[str]:
        """Where the manifest names other checks than those that the plain solution leaves red."""
        if len(self.out) > 1:
            return
        named, found = set(self.out[0].plain_leaves_red), _functions(red)
        for test in sorted(found - named):
            yield f"the plain solution leaves {test} red, and the manifest does not name it"
        for test in sorted(named - found):
            yield f"the manifest says that the plain solution leaves {test} red, and it passes"


def _functions(results: Iterable[Result]) -> set[str]:
    return {one.test.rpartition("::")[2].partition("[")[0] for one in results}


def _is_green(one: Result) -> bool:
    return one.status is Status.PASS


def _not_green(results: Iterable[Result]) -> Iterator[str]:
    for one in results:
        if not _is_green(one):
            yield f"{one.milestone}: {one.title} should hold: {one.got}"


def _count(results: Sequence[Result], wanted: Callable[[Result], bool]) -> str:
    return f"{sum(map(wanted, results))}/{len(results)}" if results else "–"


def contents(root: Path) -> dict[str, tuple[bytes, int]]:
    """Every file's bytes and mode, but for what practice itself keeps and what running leaves behind."""
    return {
        path.relative_to(root).as_posix(): (path.read_bytes(), path.stat().st_mode)
        for path in root.rglob("*")
        if path.is_file()
        and not {FOLDER, "__pycache__", ".hypothesis", "db.sqlite3"} & set(path.relative_to(root).parts)
    }
