"""System checks of the curriculum.

What would make an answer wrong is an error; what is only missing is a warning, so that the project still starts while a
learner has taken something out.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from importlib import import_module
from operator import attrgetter
from pathlib import Path

from django.apps import AppConfig, apps
from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.core.checks import Warning as Missing

from stages.catalog import ROOT, Catalog, Milestone, Stage, catalog
from stages.code import MissingCodeError, excerpt
from stages.entries import CurriculumError
from stages.features import ceiling
from stages.practice.state import taken_out
from stages.unwritten import unwritten

SLUG = r"""["']([a-z0-9-]+)["']"""
# Every way the code has to name a flag.
USES = re.compile(
    rf"\b(?:is_active(?:_for_everyone|_for_user)?|milestone_required|either)\(\s*{SLUG}"
    rf"|\bswitched_off\(\s*request,\s*{SLUG}"
    rf"|^\s*milestone(?:\s*:[^=\n]+)?\s*=\s*{SLUG}"
    rf"|\{{%\s*milestone_on\s+{SLUG}",
    re.MULTILINE,
)


@register("stages")
def check_curriculum(app_configs: Sequence[AppConfig] | None, **kwargs: object) -> list[CheckMessage]:
    try:
        found = catalog()
    except CurriculumError as error:
        return [Error(str(error), id="stages.E001")]
    return [
        *duplicates(found),
        *bad_requirements(found),
        *cycles(found),
        *missing_files(found, ROOT),
        *missing_mistakes(found, ROOT),
        *(Missing(place, id="stages.W005") for place in unwritten(found, ROOT)),
        *missing_code(found, ceiling(), ROOT),
        *unknown_flags(found, local_folders(ROOT)),
    ]


def duplicates(found: Catalog) -> Iterator[CheckMessage]:
    names = [f"number {milestone.number}" for milestone in found]
    names += [f"slug {milestone.slug!r}" for milestone in found]
    for name, count in Counter(names).items():
        if count > 1:
            yield Error(f"The curriculum has the {name} {count} times.", id="stages.E002")


def bad_requirements(found: Catalog) -> Iterator[CheckMessage]:
    slugs = {milestone.slug for milestone in found}
    for milestone in found:
        for slug in milestone.requires:
            if slug not in slugs:
                yield Error(
                    f"Milestone {milestone} requires {slug!r}, which does not exist.", id="stages.E003"
                )


def cycles(found: Catalog) -> Iterator[CheckMessage]:
    requires = {milestone.slug: milestone.requires for milestone in found}
    for milestone in found:
        reached: set[str] = set()
        waiting = list(milestone.requires)
        while waiting:
            slug = waiting.pop()
            if slug not in reached:
                reached.add(slug)
                waiting.extend(requires.get(slug, ()))
        if milestone.slug in reached:
            yield Error(f"Milestone {milestone} requires itself in the end.", id="stages.E004")


def missing_files(found: Catalog, root: Path) -> Iterator[CheckMessage]:
    """Test files and pages of what is built. A container ships neither folder, and then nothing is missing."""
    for milestone in built(found):
        if (root / "tests").is_dir() and not (root / milestone.test_file).is_file():
            yield Missing(f"Milestone {milestone} has no checks: {milestone.test_file}", id="stages.W001")
        if (root / "docs").is_dir() and not (root / milestone.path_doc).is_file():
            yield Missing(f"Milestone {milestone} has no page: {milestone.path_doc}", id="stages.W002")


def missing_mistakes(found: Catalog, root: Path) -> Iterator[CheckMessage]:
    """Known mistakes of what is built and has a switch. `stages prove` says what they have to be like."""
    for milestone in built(found):
        folder = (root / milestone.mistakes_file).parent
        if milestone.switchable and folder.is_dir() and not (root / milestone.mistakes_file).is_file():
            yield Missing(
                f"Milestone {milestone} has no known mistakes: {milestone.mistakes_file}", id="stages.W004"
            )


def missing_code(found: Catalog, reach: Stage, root: Path) -> Iterator[CheckMessage]:
    """Code of what is built that is not there, or does not import.

    Beyond the profile its packages may be missing, and what a learner writes again is not there yet.
    """
    yours = taken_out(root)
    for milestone in built(found):
        if reach.reaches(milestone.stage):
            for name in milestone.whole_code:
                if milestone.slug in yours and name in milestone.practised:
                    continue
                if trouble := import_trouble(name, root):
                    yield Missing(f"The code of milestone {milestone}, {name}: {trouble}", id="stages.W003")


def import_trouble(name: str, root: Path) -> str:
    """What stands in the way of using an entry of `code` or `beyond`; empty when nothing does."""
    kind, _, target = name.partition(":")
    if kind in ("template", "file"):
        try:
            excerpt(name, root)
        except MissingCodeError as missing:
            return "" if kind == "file" and not (root / "tests").is_dir() else str(missing)
        return ""
    try:
        module = import_module(kind)
    except Exception as error:  # a module of the learner's may raise anything
        return f"{type(error).__name__}: {error}"
    try:
        attrgetter(target)(module)
    except Exception as error:
        return "" if is_written(name, root) else f"{type(error).__name__}: {error}"
    return ""


def is_written(name: str, root: Path) -> bool:
    """Whether the source has it: Django takes a model's Meta and a form's fields off their class."""
    try:
        excerpt(name, root)
    except MissingCodeError:
        return False
    return True


def built(found: Catalog) -> Iterable[Milestone]:
    return (milestone for milestone in found if not milestone.planned)


def local_folders(root: Path) -> list[Path]:
    """The project's own packages: its local apps and the one with the URLs."""
    folders = {Path(config.path) for config in apps.get_app_configs()} | {
        root / settings.ROOT_URLCONF.split(".")[0]
    }
    return sorted(folder for folder in folders if folder.parent == root)


def unknown_flags(found: Catalog, folders: Iterable[Path]) -> Iterator[CheckMessage]:
    slugs = {milestone.slug for milestone in found}
    for folder in folders:
        for path in sorted([*folder.rglob("*.py"), *folder.rglob("*.html")]):
            for slug, line in flags_used(path.read_text(encoding="utf-8")):
                if slug not in slugs:
                    where = f"{path.relative_to(folder.parent)}:{line}"
                    yield Error(
                        f"{where} asks for milestone {slug!r}, which does not exist.", id="stages.E005"
                    )


def flags_used(source: str) -> Iterator[tuple[str, int]]:
    """The slugs that a source or template names, each with its line."""
    for match in USES.finditer(source):
        slug = next(group for group in match.groups() if group)
        yield slug, source.count("\n", 0, match.end()) + 1
