"""The plain solutions: one for each place that can be written again, and nothing else."""

import ast

import pytest

from stages.catalog import ROOT
from stages.checking.declared_checks import declared_checks_of
from stages.practice.placing import put_solution, with_imports
from stages.practice.putting_back import folder_name
from stages.practice.solutions import FOLDER, places_of
from stages.practice.taking_out import take_out
from tests.stages.practice_tree import PRACTISED, contents

each = pytest.mark.parametrize("milestone", PRACTISED, ids=lambda milestone: milestone.slug)


@each
def test_every_place_has_a_plain_solution(milestone):
    assert [place.name for place in places_of(milestone, ROOT)] == list(milestone.practised)
    assert all(place.plain.strip() for place in places_of(milestone, ROOT))


def test_there_is_no_solution_of_anything_else():
    assert {path.name for path in (ROOT / FOLDER).iterdir()} == {
        folder_name(milestone) for milestone in PRACTISED
    }
    for milestone in PRACTISED:
        folder = ROOT / FOLDER / folder_name(milestone)
        files = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
        assert files == {place.path for place in places_of(milestone, ROOT)}


@each
def test_put_in_place_it_compiles_and_leaves_no_stub(tree, milestone):
    take_out([milestone], tree)
    put_solution(milestone, tree)
    for path, (data, _) in contents(tree).items():
        if path.startswith("clients/"):
            assert b"NotWrittenYet(" not in data, path
            if path.endswith(".py"):
                compile(data, path, "exec")


@each
def test_what_it_leaves_red_are_checks_beyond_the_required_ones(milestone):
    declared = {check.name: check.markers for check in declared_checks_of(milestone, ROOT)}

    assert [
        name for name in milestone.plain_leaves_red if "required" in declared.get(name, {"required"})
    ] == []


@each
def test_a_docstring_of_the_specification_is_not_lost(milestone):
    for place in places_of(milestone, ROOT):
        if place.path.endswith(".py"):
            full, plain = (ast.parse(text).body[0] for text in (place.full, place.plain))
            if isinstance(full, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                assert ast.get_docstring(plain) == ast.get_docstring(full), place.name


def test_an_import_that_the_file_has_already_is_not_added_again():
    text = '"""Doc."""\n\nimport re\nfrom a import b\n\nx = 1\n'
    solution = "import re\nimport os.path as p\nfrom a import b, c, unused\n"

    assert with_imports(text, solution, "re b c p") == (
        '"""Doc."""\n\nimport re\nfrom a import b\nimport os.path as p\nfrom a import c\n\nx = 1\n'
    )
