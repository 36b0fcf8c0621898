"""Practice: what is taken out comes back to the byte, in whatever order, whatever was written meanwhile."""

import random

import pytest

from stages.catalog import catalog
from stages.practice.putting_back import attempts_of, put_back
from stages.practice.state import State
from stages.practice.taking_out import take_out
from tests.stages.practice_tree import PRACTISED, contents, milestones, originals, write_into

QUERYSETS = "clients/querysets.py"
STUB_OF_4 = """\
        # Yours to write: milestone 4 search-pagination. A hint: python manage.py stages hint 4
        from stages.features import NotWrittenYet

        raise NotWrittenYet(4)
"""
MINE = """\
        words = text.split()
        return self.filter(name__in=words)
"""


@pytest.mark.parametrize("milestone", PRACTISED, ids=lambda milestone: milestone.slug)
def test_only_its_own_places_change_and_every_file_still_compiles(tree, milestone):
    before = contents(tree)
    places = take_out([milestone], tree)
    after = contents(tree)

    changed = {path for path in after if after[path] != before[path]}
    assert changed == {place.path for place in places}
    assert len(places) == len(milestone.practised)
    for path in changed:
        if path.endswith(".py"):
            compile(after[path][0], path, "exec")


@pytest.mark.parametrize("seed", range(5))
def test_in_any_order_everything_comes_back_to_the_byte(tree, seed):
    before, order = contents(tree), random.Random(seed)
    out, back = PRACTISED.copy(), PRACTISED.copy()
    order.shuffle(out)
    order.shuffle(back)
    for milestone in out:
        take_out([milestone], tree)
    for milestone in back:
        put_back([milestone], tree)

    assert contents(tree) == before
    assert State.read(tree) == State()
    assert originals(tree) == []


@pytest.mark.parametrize("stage", ["junior", "middle", "advanced"])
def test_a_whole_stage_comes_back_to_the_byte(tree, stage):
    before = contents(tree)
    of_stage = [milestone for milestone in catalog().of_stage(stage) if milestone.practised]
    take_out(of_stage, tree)
    assert contents(tree) != before
    put_back(of_stage, tree)

    assert contents(tree) == before


def test_signature_and_docstring_stay_as_the_specification(tree):
    take_out(milestones("search-pagination"), tree)
    text = (tree / QUERYSETS).read_text()

    assert f'an empty text."""\n{STUB_OF_4}' in text
    assert "def search(self, text: str) -> Self:" in text
    assert "icontains" not in text


def test_the_ends_of_lines_stay_as_they_are(tree):
    path = tree / QUERYSETS
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    before = contents(tree)
    take_out(milestones("search-pagination"), tree)
    data = path.read_bytes()
    assert data.count(b"\n") == data.count(b"\r\n")
    put_back(milestones("search-pagination"), tree)

    assert contents(tree) == before


def test_only_the_regions_of_the_one_that_goes_back_are_touched(tree):
    take_out(milestones("search-pagination", "active-clients"), tree)
    write_into(tree / QUERYSETS, STUB_OF_4, MINE)
    put_back(milestones("active-clients"), tree)
    text = (tree / QUERYSETS).read_text()

    assert MINE in text
    assert "Exists(Order.objects.unfinished()" in text


def test_what_is_written_next_door_stays_when_a_milestone_goes_back(tree):
    take_out(milestones("search-pagination", "active-clients"), tree)
    write_into(tree / QUERYSETS, STUB_OF_4, MINE)
    write_into(tree / QUERYSETS, "from decimal import Decimal\n", "import re\nfrom decimal import Decimal\n")
    put_back(milestones("search-pagination"), tree)
    text = (tree / QUERYSETS).read_text()

    assert "Q(name__icontains=text)" in text
    assert MINE not in text
    assert "import re\n" in text
    assert "NotWrittenYet(12)" in text


def test_every_attempt_is_kept(tree):
    (search,) = milestones("search-pagination")
    for written in ("one", "two"):
        take_out([search], tree)
        write_into(tree / QUERYSETS, STUB_OF_4, f"        return {written}\n")
        assert put_back([search], tree) == [
            f".practice/attempts/04-search-pagination/{1 + (written == 'two')}"
        ]

    found = [(attempt / QUERYSETS).read_text() for attempt in attempts_of(search, tree)]
    assert ["return one" in found[0], "return two" in found[1]] == [True, True]


def test_a_stub_that_nobody_has_touched_is_no_attempt(tree):
    (search,) = milestones("search-pagination")
    take_out([search], tree)

    assert put_back([search], tree) == []


@pytest.mark.parametrize(
    "edit",
    [
        lambda text: text.replace(STUB_OF_4, ""),
        lambda text: text.replace(STUB_OF_4, "        return (\n"),
        lambda text: text[: text.index("    def search")],
        lambda text: "",
        lambda text: text.replace("\n", "\n\n"),
        lambda text: text.upper(),
    ],
    ids=["stub deleted", "syntax error", "half the file gone", "empty", "lines added", "nothing left"],
)
def test_whatever_was_done_to_the_file_all_of_it_comes_back(tree, edit):
    before = contents(tree)
    take_out(milestones("search-pagination", "active-clients"), tree)
    path = tree / QUERYSETS
    path.write_text(edit(path.read_text()))
    put_back(milestones("active-clients"), tree)
    put_back(milestones("search-pagination"), tree)

    assert contents(tree) == before


def test_a_file_that_was_deleted_comes_back(tree):
    before = contents(tree)
    take_out(milestones("search-pagination"), tree)
    (tree / QUERYSETS).unlink()
    put_back(milestones("search-pagination"), tree)

    assert contents(tree) == before
