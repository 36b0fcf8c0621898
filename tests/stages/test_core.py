"""The core of each milestone is short, and apart from what this CRM adds beyond it.

Kept here and not by a system check: a learner's own lines may be as many as they like.
"""

import ast
from collections import Counter
from collections.abc import Callable, Iterable
from functools import cache
from itertools import chain

import pytest

from stages.catalog import Milestone, catalog
from stages.code import excerpt
from stages.entries import CurriculumError, Kind
from tests.processes import ROOT
from tests.stages.conftest import entry

FEWER_LINES_THAN = 60
FEWEST_WORDS = 5

Line = tuple[str, int]


@cache
def python_lines(name: str) -> frozenset[Line]:
    """The lines of an entry, each as its file and number; none for what is no Python.

    Comments, decorators and closing brackets count, since they are read too. Blank lines and docstrings do not: an
    explanation makes no core longer.
    """
    found = excerpt(name, ROOT)
    if not found.path.endswith(".py"):
        return frozenset()
    numbered = enumerate(found.text.splitlines(), start=found.first)
    written = {(found.path, number) for number, text in numbered if text.strip()}
    return frozenset(written - docstrings(found.path))


@cache
def docstrings(path: str) -> frozenset[Line]:
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    texts = [
        node.body[0] for node in ast.walk(tree) if isinstance(node, documented) and ast.get_docstring(node)
    ]
    return frozenset((path, number) for text in texts for number in range(text.lineno, text.end_lineno + 1))


def lines_with_their_milestones(names_of: Callable[[Milestone], Iterable[str]]) -> dict[Line, set[str]]:
    """Each Python line that is named, with the milestones that name it."""
    found: dict[Line, set[str]] = {}
    for milestone in catalog():
        for line in lines_of(names_of(milestone)):
            found.setdefault(line, set()).add(milestone.slug)
    return found


def lines_of(names: Iterable[str]) -> set[Line]:
    """Together: a line that two entries name counts once."""
    return set(chain.from_iterable(map(python_lines, names)))


def each(*without: str):
    milestones = [milestone for milestone in catalog() if milestone.slug not in without]
    return pytest.mark.parametrize("milestone", milestones, ids=lambda milestone: milestone.slug)


@each()
def test_a_core_has_fewer_than_60_lines_of_python(milestone):
    assert len(lines_of(milestone.core)) < FEWER_LINES_THAN


def test_each_milestone_but_the_suite_of_tests_has_a_core():
    assert [milestone.slug for milestone in catalog() if not milestone.code] == ["test-suite"]


def test_nothing_is_named_as_core_and_as_beyond():
    core = {name for milestone in catalog() for name in milestone.core}
    beyond = {addition.name for milestone in catalog() for addition in milestone.beyond}
    assert core & beyond == set()


def test_no_line_of_a_core_is_beyond_another_and_none_beyond_two():
    core = lines_with_their_milestones(lambda milestone: milestone.core)
    beyond = lines_with_their_milestones(lambda milestone: [addition.name for addition in milestone.beyond])
    assert sorted(core.keys() & beyond.keys()) == []
    assert {line: slugs for line, slugs in beyond.items() if len(slugs) > 1} == {}


def test_no_two_practised_entries_overlap():
    """What is taken out of one place can be put back whatever else was taken out."""
    found = Counter(line for milestone in catalog() for name in milestone.practised for line in places(name))
    assert [line for line, count in found.items() if count > 1] == []


def places(name: str) -> set[Line]:
    """Each line of an entry, whatever it is written in."""
    code = excerpt(name, ROOT)
    return {(code.path, number) for number in range(code.first, code.last + 1)}


def test_every_name_leads_to_code():
    assert [
        name for milestone in catalog() for name in milestone.whole_code if not excerpt(name, ROOT).text
    ] == []


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_has_its_examples(kind):
    assert [milestone.slug for milestone in catalog() if kind in milestone.beyond_by_kind]


def test_every_addition_has_a_sentence_for_a_reason():
    additions = [addition for milestone in catalog() for addition in milestone.beyond]
    no_sentence = [
        addition.name
        for addition in additions
        if len(addition.why.split()) < FEWEST_WORDS or not addition.why.endswith(".")
    ]
    assert no_sentence == []


@pytest.mark.parametrize(
    "code",
    [
        '"x"',
        '["stages.catalog:load"]',
        '[{ practised = "" }]',
        '[{ shown = "a:b", practised = "a:b" }]',
        "[{ taken = 3 }]",
    ],
)
def test_an_entry_says_whether_it_is_practised_or_shown(curriculum, code):
    with pytest.raises(CurriculumError, match=r"^milestone 1 \(one\): code takes (tables|a list)"):
        curriculum(entry(1, "one", code=code))


def test_what_is_practised_is_told_from_what_is_shown(curriculum):
    code = '[{ practised = "stages.catalog:load" }, { shown = "stages.catalog:ROOT" }]'
    found = curriculum(entry(1, "one", code=code)).get(1)
    assert found.core == ("stages.catalog:load", "stages.catalog:ROOT")
    assert found.practised == ("stages.catalog:load",)
