"""The skeleton of a new milestone: its entry in the manifest, its page, its checks and its known mistakes.

The texts stand in stages/skeletons/. All of them are made and looked at before the first one is written.
"""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from string import Template

from stages.catalog import Catalog, Milestone, Stage, UnknownMilestoneError, parse
from stages.entries import CurriculumError
from stages.unwritten import UNWRITTEN

SKELETONS = Path(__file__).with_name("skeletons")
SLUG = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
LONGEST_SLUG = 50
# Names of stages, which commands take in the place of a slug, and addresses beside the milestones' pages.
TAKEN = {*Stage, "rollout", "set"}


class NewMilestoneError(ValueError):
    """The milestone cannot be added; the message says why. Nothing has been written."""


def new_milestone(found: Catalog, slug: str, stage: Stage, title: str = "") -> Milestone:
    """The planned milestone, not written yet, with the next free number. Raises NewMilestoneError."""
    check_slug(found, slug)
    title = title.strip() or slug.replace("-", " ").capitalize()
    if not title.isprintable():
        raise NewMilestoneError("The title has to be one line of text.")
    number = 1 + max((milestone.number for milestone in found), default=-1)
    entry = filled("entry.toml", values(number, slug, stage, title))
    return parse(entry, "the new entry").get(number)


def check_slug(found: Catalog, slug: str) -> None:
    """Raises NewMilestoneError for a slug that cannot be used."""
    if not SLUG.fullmatch(slug) or len(slug) > LONGEST_SLUG:
        raise NewMilestoneError(
            f"{slug!r} is no slug: it takes lower-case letters, digits and single hyphens, begins with a letter and "
            f"has {LONGEST_SLUG} characters at most, such as wish-list."
        )
    if slug in TAKEN:
        raise NewMilestoneError(f"{slug!r} means something else already: choose another slug.")
    try:
        raise NewMilestoneError(f"There is a milestone {found.get(slug)} already: choose another slug.")
    except UnknownMilestoneError:
        return


def values(number: int, slug: str, stage: Stage, title: str) -> dict[str, str]:
    """What the texts of stages/skeletons/ name. JSON's way to write a text is TOML's too."""
    return {
        "number": str(number),
        "slug": slug,
        "stage": stage,
        "stage_number": str(stage.order + 1),
        "title": json.dumps(title, ensure_ascii=False),
        "heading": title,
        "unwritten": UNWRITTEN,
    }


def filled(skeleton: str, words: Mapping[str, str]) -> str:
    return Template((SKELETONS / skeleton).read_text(encoding="utf-8")).substitute(words)


def write(milestone: Milestone, root: Path, manifest: Path) -> list[Path]:
    """Writes all of it, or nothing, and returns the places, the manifest first. Raises NewMilestoneError."""
    words = values(milestone.number, milestone.slug, milestone.stage, milestone.title)
    words["test_file"] = milestone.test_file.as_posix()
    texts = {
        root / milestone.path_doc: filled("page.md", words),
        root / milestone.test_file: filled("checks.py.txt", words),
        root / milestone.mistakes_file: filled("mistakes.py.txt", words),
    }
    check_places(texts, root)
    whole = with_entry(manifest.read_text(encoding="utf-8"), milestone.stage, filled("entry.toml", words))
    try:
        parse(whole, manifest.name)
    except CurriculumError as error:
        raise NewMilestoneError(f"The entry does not fit into {manifest.name}: {error}") from error
    write_all({**texts, manifest: whole})
    return [manifest, *texts]


def check_places(places: Mapping[Path, str], root: Path) -> None:
    """Raises NewMilestoneError where a file is there already, or its folder is not."""
    for path in places:
        name = path.relative_to(root)
        if path.exists():
            raise NewMilestoneError(f"{name.as_posix()} is there already, and is not written over.")
        if not path.parent.is_dir():
            raise NewMilestoneError(
                f"There is no folder {name.parent.as_posix()} here: a milestone is added in the repository."
            )


def with_entry(manifest: str, stage: Stage, entry: str) -> str:
    """The manifest with the entry at the end of its stage's part; everything else stays as it is."""
    before, heading, after = manifest.partition(f"# ─── Stage {stage.order + 2}:")
    more = f"\n\n{heading}{after}" if heading else "\n"
    return f"{before.rstrip()}\n\n{entry.strip()}{more}"


def write_all(texts: Mapping[Path, str]) -> None:
    """The manifest is the last: until it is written, nothing asks for the others. Raises NewMilestoneError."""
    before = {path: path.read_bytes() if path.exists() else None for path in texts}
    try:
        for path, text in texts.items():
            path.write_text(text, encoding="utf-8")
    except OSError as error:
        for path, content in before.items():
            put_back(path, content)
        raise NewMilestoneError(f"It cannot be written: {error}") from error


def put_back(path: Path, content: bytes | None) -> None:
    if content is None:
        path.unlink(missing_ok=True)
    elif path.read_bytes() != content:
        path.write_bytes(content)
