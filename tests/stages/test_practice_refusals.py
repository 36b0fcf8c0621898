"""Practice: what is refused is refused in one sentence, and nothing has changed."""

import subprocess

import pytest

from stages.practice.errors import PracticeError
from stages.practice.putting_back import put_back
from stages.practice.state import ORIGINALS, STATE
from stages.practice.taking_out import take_out
from tests.stages.practice_tree import contents, milestones, stages, write_into

QUERYSETS = "clients/querysets.py"


def refused(action, *arguments) -> str:
    with pytest.raises(PracticeError) as error:
        action(*arguments)
    return str(error.value)


def test_what_is_taken_out_already(tree):
    take_out(milestones("search-pagination"), tree)
    before = contents(tree)

    assert "Milestone 4 search-pagination is taken out already." in refused(
        take_out, milestones("search-pagination"), tree
    )
    assert contents(tree) == before


def test_what_is_not_taken_out(tree):
    assert "nothing to put back" in refused(put_back, milestones("search-pagination"), tree)


def test_code_that_was_changed_after_another_milestone_left_the_file(tree):
    take_out(milestones("search-pagination"), tree)
    write_into(tree / QUERYSETS, "return self.filter(Exists(", "return self.exclude(Exists(")
    before = contents(tree)
    said = refused(take_out, milestones("active-clients"), tree)

    assert said.startswith(
        "clients/querysets.py: ClientQuerySet.active has been changed, so it is left as it is."
    )
    assert contents(tree) == before


def test_a_file_with_changes_that_git_has_not_stored(tree):
    for command in (
        ["init", "-q"],
        ["add", "."],
        ["-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "a"],
    ):
        subprocess.run(["git", *command], cwd=tree, check=True)
    write_into(tree / QUERYSETS, "MOST_WORDS = 8", "MOST_WORDS = 9")
    before = contents(tree)

    assert refused(take_out, milestones("search-pagination"), tree).startswith(
        "You have changed clients/querysets.py, and nothing of that may get lost."
    )
    assert contents(tree) == before


def test_an_original_that_was_edited(tree):
    take_out(milestones("search-pagination"), tree)
    (tree / ORIGINALS / QUERYSETS).write_text("something else")
    before = contents(tree)

    assert f"{ORIGINALS}/{QUERYSETS} is not what was put there" in refused(
        put_back, milestones("search-pagination"), tree
    )
    assert contents(tree) == before


def test_notes_that_cannot_be_read(tree):
    take_out(milestones("search-pagination"), tree)
    (tree / STATE).write_text("{")

    assert f"{STATE} cannot be read" in refused(put_back, milestones("search-pagination"), tree)


def test_code_that_is_not_there_any_more(tree):
    write_into(tree / QUERYSETS, "def active(", "def busy(")
    before = contents(tree)

    assert "has no ClientQuerySet.active." in refused(take_out, milestones("active-clients"), tree)
    assert contents(tree) == before


@pytest.mark.parametrize(
    "arguments, said",
    [
        (
            ["start"],
            "Which milestone, or which stage? Next could be 0 start: python manage.py stages start 0",
        ),
        (["start", "99"], "There is no milestone '99'."),
        (["start", "srch"], "There is no milestone 'srch'."),
        (
            ["start", "search-paginatoin"],
            "There is no milestone 'search-paginatoin'. Did you mean search-pagination?",
        ),
        (["restore"], "Nothing is taken out: there is nothing to put back."),
        (["restore", "4"], "Milestone 4 search-pagination is not taken out: there is nothing to put back."),
        (["compare", "4"], "Milestone 4 search-pagination is not taken out"),
        (["hint", "99"], "There is no milestone '99'."),
        (["solution", "99"], "There is no milestone '99'."),
    ],
)
def test_a_command_says_in_one_line_what_is_wrong(tree, arguments, said):
    before = contents(tree)
    ended = stages(tree, *arguments)

    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr.startswith(said)
    assert len(ended.stderr.splitlines()) == 1
    assert contents(tree) == before
