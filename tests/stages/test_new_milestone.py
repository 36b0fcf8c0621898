"""`stages new`: a 22nd milestone is added in a copy of the project, built, proved and taken away again."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.urls import resolve, reverse

from stages import checks
from stages.catalog import Catalog, Milestone, Stage, catalog, load
from stages.new_milestone import TAKEN, NewMilestoneError, filled, new_milestone, values, write
from stages.unwritten import unwritten
from tests.processes import ROOT, run
from tests.stages.conftest import entry

COPIED = ("clients", "mini_crm", "stages", "tests", "docs/milestones")
LEFT_OUT = shutil.ignore_patterns("static", "__pycache__", "browser", "services", "stack", "lint")
NEXT = 1 + max(milestone.number for milestone in catalog())
PLACES = [
    "stages/curriculum.toml",
    f"docs/milestones/{NEXT}-wish-list.md",
    f"tests/middle/test_{NEXT}_wish_list.py",
    f"tests/stages/mistakes/m{NEXT}_wish_list.py",
]


# --- What is refused --------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "slug, said",
    [
        ("orders", "There is a milestone 8 orders already: choose another slug."),
        *((slug, f"'{slug}' means something else already: choose another slug.") for slug in sorted(TAKEN)),
        *(
            (slug, f"'{slug}' is no slug: it takes lower-case letters")
            for slug in (
                "Wish-list",
                "wish_list",
                "wish--list",
                "-wish",
                "wish-",
                "8",
                "../wish",
                "a" * 51,
                "",
            )
        ),
    ],
)
def test_a_slug_that_cannot_be_used_is_wrong_usage(slug, said):
    before = (ROOT / PLACES[0]).read_bytes()
    with pytest.raises(CommandError) as refused:
        call_command("stages", "new", "--stage", "middle", "--", slug)

    assert refused.value.returncode == 2
    assert str(refused.value).startswith(said)
    assert (ROOT / PLACES[0]).read_bytes() == before


@pytest.mark.parametrize("slug", sorted(TAKEN - set(Stage)))
def test_the_addresses_beside_the_milestones_pages_are_no_slugs(slug):
    found = {resolve(reverse(name, args=[slug])).url_name for name in ("milestone", "milestone-switch")}
    assert found != {"milestone", "milestone-switch"}


def test_a_title_of_two_lines_is_refused():
    with pytest.raises(NewMilestoneError, match="one line"):
        new_milestone(catalog(), "wish-list", Stage.MIDDLE, "Wish\nlist")


# --- What is written --------------------------------------------------------------------------------------------------
@pytest.fixture
def empty(tmp_path: Path) -> Path:
    """A repository of two milestones, without any other file."""
    for folder in ("stages", "docs/milestones", "tests/junior", "tests/middle", "tests/stages/mistakes"):
        (tmp_path / folder).mkdir(parents=True)
    parts = [entry(0, "one"), "# ─── Stage 2: middle ───", entry(1, "two", stage='"middle"'), "# The end."]
    (tmp_path / PLACES[0]).write_text("\n\n".join(parts) + "\n", encoding="utf-8")
    return tmp_path


def added(root: Path, stage: Stage, title: str = "") -> tuple[Milestone, Catalog]:
    manifest = root / PLACES[0]
    milestone = new_milestone(load(manifest), "wish-list", stage, title)
    write(milestone, root, manifest)
    return milestone, load(manifest)


@pytest.mark.parametrize(
    "stage, order", [(Stage.JUNIOR, ["one", "wish-list", "two"]), (Stage.MIDDLE, ["one", "two", "wish-list"])]
)
def test_the_next_number_stands_at_the_end_of_its_stage(empty, stage, order):
    milestone, found = added(empty, stage, 'The "wish" list \\o/')
    text = (empty / PLACES[0]).read_text(encoding="utf-8")

    assert (milestone.number, milestone.title, milestone.planned) == (2, 'The "wish" list \\o/', True)
    assert [one.slug for one in found] == order == re.findall(r'^slug = "(.+)"$', text, re.MULTILINE)
    assert found.get(2) == milestone
    assert "# ─── Stage 2: middle ───\n" in text
    assert "# The end.\n" in text


@pytest.mark.parametrize(
    "place", ["docs/milestones/02-wish-list.md", "tests/stages/mistakes/m02_wish_list.py"]
)
def test_nothing_is_written_where_a_file_is_there_already(empty, place):
    (empty / place).write_text("mine", encoding="utf-8")
    before = tree(empty)

    with pytest.raises(NewMilestoneError, match=f"{place} is there already"):
        added(empty, Stage.MIDDLE)
    assert tree(empty) == before


def test_nothing_is_left_when_one_of_the_files_cannot_be_written(empty):
    before = tree(empty)
    (empty / "tests/stages/mistakes/m02_wish_list.py").symlink_to(empty / "nowhere" / "at-all.py")

    with pytest.raises(NewMilestoneError, match="It cannot be written"):
        added(empty, Stage.MIDDLE)
    assert tree(empty) == before


def test_a_container_without_tests_is_no_place_for_it(empty):
    shutil.rmtree(empty / "tests")

    with pytest.raises(NewMilestoneError, match="There is no folder tests/middle here"):
        added(empty, Stage.MIDDLE)


@pytest.mark.parametrize("milestone", catalog().milestones, ids=str)
def test_every_page_has_the_headings_of_the_skeleton(milestone):
    skeleton = filled("page.md", {**values(0, "x", Stage.JUNIOR, "X"), "test_file": "x.py"})
    page = (ROOT / milestone.path_doc).read_text(encoding="utf-8")
    wanted = headings(skeleton)

    assert [heading for heading in headings(page) if heading in wanted] == wanted


def headings(page: str) -> list[str]:
    """The idea's own words differ from page to page."""
    return [line.partition(":")[0] for line in page.splitlines() if line.startswith("## ")]


def test_a_built_milestone_without_known_mistakes_is_a_warning(empty):
    said = [message.msg for message in checks.missing_mistakes(load(empty / PLACES[0]), empty)]

    assert said == [
        "Milestone 0 one has no known mistakes: tests/stages/mistakes/m00_one.py",
        "Milestone 1 two has no known mistakes: tests/stages/mistakes/m01_two.py",
    ]


# --- For real, in a copy of the project -------------------------------------------------------------------------------
VIEW = """from django.http import HttpRequest, HttpResponse

from stages.web import milestone_required


@milestone_required("wish-list")
def wish_list(request: HttpRequest) -> HttpResponse:
    return HttpResponse("Nothing is wished for.")
"""
URL = """
from clients.wishes import wish_list

urlpatterns.append(path("wishes/", wish_list, name="wish-list"))
"""
CHECK = '''"""The wish list."""

import pytest


@pytest.mark.required
@pytest.mark.contrast
def test_an_empty_wish_list_says_so(guest):
    response = guest.get("/clients/wishes/")
    assert response.content == b"Nothing is wished for.", f"The wish list answered {response.status_code}."
'''
MISTAKES = """from django.http import HttpResponse

from stages.checking.mistakes import Mistake
from tests.stages.mistakes.patches import route


def answers(**values):
    return lambda: route("wish-list", lambda view: lambda request: HttpResponse(**values))


CHECK = "test_an_empty_wish_list_says_so"
MISTAKES = [
    Mistake("silent", "The page is empty.", CHECK, answers()),
    Mistake("greedy", "It wishes for all of it.", CHECK, answers(content="Everything.")),
]
"""


def test_a_22nd_milestone_is_added_built_proved_and_taken_away(tmp_path):
    copy_to(tmp_path)
    before = tree(tmp_path)
    said = stages(tmp_path, "new", "wish-list", "--stage", "middle").stdout
    added_files = tree(tmp_path).keys() - before.keys()

    assert re.findall(r"^  (\S+)$", said, re.MULTILINE) == PLACES
    assert added_files == set(PLACES[1:])
    assert [line.partition(":")[0] for line in missing(tmp_path)] == PLACES

    build(tmp_path)
    assert missing(tmp_path) == []
    proof = stages(tmp_path, "prove", str(NEXT))
    assert re.search(rf"^{NEXT} +wish-list +1/1 +1/1 +1/1 +2/2 +pass$", proof.stdout, re.MULTILINE), (
        proof.stdout
    )
    assert proof.returncode == 0

    take_away(tmp_path, before)
    assert tree(tmp_path) == before


def copy_to(root: Path) -> None:
    for name in COPIED:
        shutil.copytree(ROOT / name, root / name, ignore=LEFT_OUT)
    for name in ("manage.py", "conftest.py", "pyproject.toml"):
        shutil.copy(ROOT / name, root / name)


def tree(root: Path) -> dict[str, bytes]:
    """Every file with its content, but what Python and the checks keep for themselves."""
    names = {path.relative_to(root).as_posix(): path for path in root.rglob("*") if path.is_file()}
    return {
        name: path.read_bytes() for name, path in names.items() if not re.search(r"__pycache__|^\.", name)
    }


def stages(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return run(sys.executable, "manage.py", "stages", *arguments, cwd=root, timeout=600)


def missing(root: Path) -> list[str]:
    """What `manage.py check` says in the copy, asked without a process of its own."""
    found = load(root / PLACES[0])
    others = [*checks.missing_files(found, root), *checks.missing_mistakes(found, root)]
    return [*unwritten(found, root), *(message.msg for message in others)]


def build(root: Path) -> None:
    manifest, page, check, mistakes = (root / place for place in PLACES)
    written = re.sub(r'"Still to be written[^"]*"', '"Wishes."', without(manifest, "planned = true\n"))
    manifest.write_text(
        written.replace(
            'code = [{ practised = "Wishes." }]', 'code = [{ practised = "clients.wishes:wish_list" }]'
        ),
        encoding="utf-8",
    )
    page.write_text(re.sub(r"Still to be written.*", "Wishes.", page.read_text(encoding="utf-8")))
    check.write_text(CHECK)
    mistakes.write_text(MISTAKES)
    (root / "clients/wishes.py").write_text(VIEW)
    with (root / "clients/urls.py").open("a", encoding="utf-8") as urls:
        urls.write(URL)


def take_away(root: Path, before: dict[str, bytes]) -> None:
    """By hand, as a person would: its files, its URL and its entry."""
    for name in tree(root).keys() - before.keys():
        (root / name).unlink()
    manifest, urls = root / PLACES[0], root / "clients/urls.py"
    text = manifest.read_text(encoding="utf-8")
    start = text.index(f"[[milestone]]\nnumber = {NEXT}\n")
    manifest.write_text(text[:start] + text[text.index("# ─── Stage 3:") :], encoding="utf-8")
    urls.write_text(without(urls, URL), encoding="utf-8")


def without(path: Path, part: str) -> str:
    """The text of a file without the last place where this part stands."""
    before, _, after = path.read_text(encoding="utf-8").rpartition(part)
    return before + after
