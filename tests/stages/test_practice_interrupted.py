"""Practice: killed at any moment, nothing is lost, and the next command ends what was begun."""

from pathlib import Path

import pytest

from stages.practice import writing
from stages.practice.putting_back import put_back
from stages.practice.state import State
from stages.practice.taking_out import take_out
from stages.practice.writing import end_unfinished, practising
from tests.stages.practice_tree import contents, milestones, originals, write_into

# More than there are: the last ones let it end.
MOMENTS = range(24)


class Killed(BaseException):
    """The process is gone: nothing after this moment happens, and nothing catches it."""


@pytest.fixture
def killed_after(monkeypatch):
    """Lets so many changes of the disk happen, and none after them."""

    def limit(moments: int) -> None:
        left = [moments]

        def counted(method):
            def change(*arguments, **options):
                if left[0] <= 0:
                    raise Killed
                left[0] -= 1
                return method(*arguments, **options)

            return change

        for name in ("write_bytes", "replace", "unlink"):
            monkeypatch.setattr(Path, name, counted(getattr(Path, name)))

    yield limit
    monkeypatch.undo()


def do_until_killed(action, moments, killed_after, monkeypatch) -> bool:
    """Whether it was killed."""
    with monkeypatch.context():
        killed_after(moments)
        try:
            action()
        except Killed:
            return True
        finally:
            monkeypatch.undo()
    return False


@pytest.mark.parametrize("moments", MOMENTS)
def test_killed_while_taking_out(tree, killed_after, monkeypatch, moments):
    before = contents(tree)
    out = milestones("search-pagination", "client-validation")
    do_until_killed(lambda: take_out(out, tree), moments, killed_after, monkeypatch)
    with practising(tree, print):
        begun = State.read(tree).milestones
    if begun:
        assert begun == sorted(out, key=lambda milestone: milestone.number)
        put_back(out, tree)

    assert contents(tree) == before
    assert originals(tree) == []


@pytest.mark.parametrize("moments", MOMENTS)
def test_killed_while_putting_back(tree, killed_after, monkeypatch, moments):
    before = contents(tree)
    out = milestones("search-pagination", "client-validation")
    take_out(out, tree)
    write_into(tree / "clients/forms.py", "        raise NotWrittenYet(3)\n", "        return 'mine'\n")
    do_until_killed(lambda: put_back(out, tree), moments, killed_after, monkeypatch)
    with practising(tree, print):
        left = State.read(tree).milestones
    if left:
        assert "return 'mine'" in (tree / "clients/forms.py").read_text()
        put_back(out, tree)

    assert contents(tree) == before
    assert originals(tree) == []
    kept = list((tree / ".practice/attempts").rglob("forms.py"))
    assert kept
    assert all("return 'mine'" in path.read_text() for path in kept)


def test_the_moments_tried_are_all_there_are(tree, killed_after, monkeypatch):
    def everything():
        take_out(milestones("search-pagination", "client-validation"), tree)

    killed = [do_until_killed(everything, moments, killed_after, monkeypatch) for moments in (5, MOMENTS[-1])]

    assert killed == [True, False]


def test_the_next_command_says_that_it_has_ended_what_was_begun(tree, killed_after, monkeypatch):
    out = milestones("search-pagination")
    for moments in MOMENTS:
        do_until_killed(lambda: take_out(out, tree), moments, killed_after, monkeypatch)
        if (tree / writing.JOURNAL).exists():
            break
    said = []
    end_unfinished(tree, said.append)
    end_unfinished(tree, said.append)

    assert said == ["The last command was interrupted. What it had begun is finished now."]


def test_what_somebody_has_written_after_the_interruption_is_kept_beside(tree, killed_after, monkeypatch):
    out, path = milestones("search-pagination"), tree / "clients/querysets.py"
    for moments in MOMENTS:
        do_until_killed(lambda: take_out(out, tree), moments, killed_after, monkeypatch)
        if (tree / writing.JOURNAL).exists():
            break
    path.write_text("written in between")
    said = []
    with practising(tree, said.append):
        assert "clients/querysets.py was changed in the meantime" in said[1]

    assert (tree / writing.INTERRUPTED / "clients/querysets.py").read_text() == "written in between"


def test_a_disk_that_is_full_changes_nothing(tree, monkeypatch):
    before = contents(tree)

    def full(path, data):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(writing.Path, "write_bytes", full)
    with pytest.raises(OSError, match="No space left"):
        take_out(milestones("search-pagination"), tree)
    monkeypatch.undo()

    assert contents(tree) == before
    assert State.read(tree) == State()
