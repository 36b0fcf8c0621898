"""The system checks of the curriculum: each mistake is named, and the real curriculum has none of them."""

import pytest

from stages import checks
from stages.catalog import Stage
from tests.stages.conftest import entry


def told(messages):
    return [(message.id, message.msg) for message in messages]


@pytest.fixture
def root(tmp_path):
    (tmp_path / "shop").mkdir()
    return tmp_path


def test_the_real_curriculum_has_no_mistake():
    assert told(checks.check_curriculum(None)) == []


def test_a_manifest_that_cannot_be_read_is_one_error(curriculum):
    with pytest.raises(ValueError, match="missing field goal"):
        curriculum(entry(1, "one", goal=None))
    assert told(checks.check_curriculum(None)) == [("stages.E001", "milestone 1 (one): missing field goal")]


def test_a_duplicate_number_and_slug_are_errors(curriculum):
    found = curriculum(entry(1, "one"), entry(1, "two"), entry(3, "two"))
    assert told(checks.duplicates(found)) == [
        ("stages.E002", "The curriculum has the number 1 2 times."),
        ("stages.E002", "The curriculum has the slug 'two' 2 times."),
    ]


def test_an_unknown_requirement_is_an_error(curriculum):
    found = curriculum(entry(1, "one", requires='["nothing"]'))
    assert told(checks.bad_requirements(found)) == [
        ("stages.E003", "Milestone 1 one requires 'nothing', which does not exist.")
    ]
    assert told(checks.cycles(found)) == []


def test_a_cycle_is_an_error_for_each_milestone_in_it(curriculum):
    found = curriculum(
        entry(1, "one", requires='["two"]'),
        entry(2, "two", requires='["one"]'),
        entry(3, "three", requires='["one"]'),
        entry(4, "four", requires='["four"]'),
    )
    assert told(checks.cycles(found)) == [
        ("stages.E004", "Milestone 1 one requires itself in the end."),
        ("stages.E004", "Milestone 2 two requires itself in the end."),
        ("stages.E004", "Milestone 4 four requires itself in the end."),
    ]


def test_a_missing_test_file_and_page_are_warnings(curriculum, root):
    found = curriculum(entry(1, "one"), entry(2, "two", planned="true"))
    (root / "tests").mkdir()
    (root / "docs").mkdir()
    assert told(checks.missing_files(found, root)) == [
        ("stages.W001", "Milestone 1 one has no checks: tests/junior/test_01_one.py"),
        ("stages.W002", "Milestone 1 one has no page: docs/milestones/01-one.md"),
    ]


def test_what_is_there_is_not_missed(curriculum, root):
    (milestone,) = curriculum(entry(1, "one"))
    for path in (root / milestone.test_file, root / milestone.path_doc):
        path.parent.mkdir(parents=True)
        path.touch()
    assert told(checks.missing_files([milestone], root)) == []


def test_a_container_without_tests_and_docs_misses_nothing(curriculum, root):
    assert told(checks.missing_files(curriculum(entry(1, "one")), root)) == []


@pytest.mark.parametrize(
    "code,trouble",
    [
        ("stages.catalog:Nothing", "AttributeError: module 'stages.catalog' has no attribute 'Nothing'"),
        ("stages.nothing:x", "ModuleNotFoundError: No module named 'stages.nothing'"),
        ("template:stages/nothing.html", "There is no template stages/nothing.html."),
        ("file:nothing.yml", "There is no file nothing.yml."),
    ],
)
def test_code_that_cannot_be_used_is_a_warning(curriculum, root, code, trouble):
    (root / "tests").mkdir()
    found = curriculum(entry(1, "one", code=f'[{{ shown = "{code}" }}]'))
    assert told(checks.missing_code(found, Stage.JUNIOR, root)) == [
        ("stages.W003", f"The code of milestone 1 one, {code}: {trouble}")
    ]


@pytest.mark.parametrize("code", ["stages.catalog:Catalog.get", "template:stages/map.html", "file:manage.py"])
def test_code_that_is_there_is_fine(code):
    assert checks.import_trouble(code, checks.ROOT) == ""


def test_a_container_need_not_ship_the_plain_files(root):
    assert checks.import_trouble("file:docker-compose.yml", root) == ""


def test_code_above_the_profile_and_of_planned_milestones_is_not_imported(curriculum, root):
    found = curriculum(
        entry(1, "one", stage='"middle"', code='[{ shown = "nothing:x" }]'),
        entry(2, "two", planned="true", code='[{ shown = "nothing:x" }]'),
    )
    assert told(checks.missing_code(found, Stage.JUNIOR, root)) == []
    assert len(told(checks.missing_code(found, Stage.MIDDLE, root))) == 1


@pytest.mark.parametrize(
    "name,source",
    [
        ("views.py", 'if is_active("oders", request):'),
        ("views.py", "if is_active_for_everyone('oders'):"),
        ("views.py", 'is_active_for_user("oders", user)'),
        ("views.py", '@milestone_required("oders")'),
        ("views.py", 'return switched_off(request, "oders")'),
        ("views.py", 'class A:\n    milestone = "oders"'),
        ("views.py", 'class A:\n    milestone: ClassVar[str] = "oders"'),
        ("urls.py", 'path("", either(\n    "oders",\n    on=a, off=b))'),
        ("page.html", '{% milestone_on "oders" as on %}'),
        ("page.html", "{%milestone_on 'oders' as on %}"),
    ],
)
def test_a_flag_in_the_code_that_the_manifest_does_not_name_is_an_error(curriculum, root, name, source):
    found = curriculum(entry(1, "orders"))
    (root / "shop" / name).write_text(f"\n{source}\n".replace("oders", "orders"))
    assert told(checks.unknown_flags(found, [root / "shop"])) == []
    (root / "shop" / name).write_text(f"\n{source}\n")
    line = 2 + source[: source.index("oders")].count("\n")
    assert told(checks.unknown_flags(found, [root / "shop"])) == [
        ("stages.E005", f"shop/{name}:{line} asks for milestone 'oders', which does not exist.")
    ]


def test_words_that_only_look_alike_are_not_flags(curriculum, root):
    (root / "shop" / "views.py").write_text(
        'user.is_active\nmilestone = catalog().get(slug)\nis_active(slug, "oders")'
    )
    assert told(checks.unknown_flags(curriculum(entry(1, "one")), [root / "shop"])) == []


def test_the_projects_own_packages_are_looked_through():
    names = {folder.name for folder in checks.local_folders(checks.ROOT)}
    assert {"clients", "stages", "mini_crm"} <= names
    assert "waffle" not in names
