"""The manifest as typed values: what the curriculum says, how a milestone is named, what a mistake in it is told."""

from pathlib import Path

import pytest

from stages.catalog import ROOT, Stage, UnknownMilestoneError, catalog, load
from stages.entries import CurriculumError
from tests.stages.conftest import entry

SLUGS = [
    *(
        "start",
        "client-model",
        "client-crud",
        "client-validation",
        "search-pagination",
        "login-required",
        "avatars",
    ),
    *(
        "test-suite",
        "orders",
        "order-totals",
        "class-based-views",
        "vip-signal",
        "active-clients",
        "csv-export",
    ),
    *(
        "read-only-api",
        "api-permissions",
        "list-cache",
        "merge-clients",
        "monthly-report",
        "live-orders",
        "docker",
    ),
]
# As the design writes it: a milestone, an arrow, what it requires.
REQUIRES = (
    "2←1; 3←2; 4←2; 5←2; 6←2; 8←2; 9←8; 10←2; 11←1; 12←8; 13←9; 14←8; 15←14; 16←2,5; 17←5,8; 18←8; 19←5,8"
)


COURSE = [catalog().get(slug) for slug in SLUGS]


def test_the_milestones_of_the_course_are_all_there_in_order():
    assert [milestone.number for milestone in COURSE] == list(range(len(SLUGS)))


def test_no_number_is_left_out():
    numbers = sorted(milestone.number for milestone in catalog())
    assert numbers == list(range(len(numbers)))


def test_the_stages_of_the_course_have_8_and_7_and_6_milestones():
    numbers = {stage: [one.number for one in COURSE if one.stage is stage] for stage in Stage}
    assert numbers == {
        Stage.JUNIOR: list(range(8)),
        Stage.MIDDLE: list(range(8, 15)),
        Stage.ADVANCED: list(range(15, 21)),
    }


def test_milestones_stand_by_stage_and_then_by_number(curriculum):
    found = curriculum(
        entry(7, "late", stage='"middle"'), entry(3, "last", stage='"advanced"'), entry(2, "early")
    )
    assert [milestone.slug for milestone in found] == ["early", "late", "last"]


def test_each_milestone_requires_what_the_design_says():
    numbers = {m.number: sorted(SLUGS.index(slug) for slug in m.requires) for m in COURSE if m.requires}
    assert (
        "; ".join(f"{number}←{','.join(map(str, required))}" for number, required in numbers.items())
        == REQUIRES
    )


def test_foundation_and_tooling_have_no_switch():
    assert [milestone.number for milestone in COURSE if not milestone.switchable] == [0, 1, 7, 20]


def test_what_acts_without_a_request_counts_only_for_everyone():
    assert [milestone.number for milestone in COURSE if milestone.everyone_only] == [11, 18]


@pytest.mark.parametrize("name", [8, "8", "08", "orders", " orders "])
def test_a_milestone_is_named_by_number_or_slug(name):
    assert catalog().get(name).title == "Order model"


@pytest.mark.parametrize(
    "name,near",
    [
        ("ordes", ["orders", "live-orders"]),
        ("order", ["orders", "live-orders", "order-totals"]),
        ("Signals", ["vip-signal"]),
        ("csv", ["csv-export"]),
        ("xyzzy", []),
        ("", []),
        ("²", []),
        (99, []),
        ("9" * 5000, []),
        (-1, []),
    ],
)
def test_an_unknown_name_is_answered_with_near_ones(name, near):
    with pytest.raises(UnknownMilestoneError) as refused:
        catalog().get(name)
    assert refused.value.near == near
    assert str(refused.value).startswith(f"There is no milestone {str(name)!r}.")
    assert all(slug in str(refused.value) for slug in near)


def test_requirements_are_complete_and_come_in_order():
    assert [milestone.slug for milestone in catalog().requirements("csv-export")] == [
        "client-model",
        "client-crud",
        "orders",
        "order-totals",
    ]
    assert catalog().requirements(0) == ()


def test_dependants_are_complete():
    assert [milestone.number for milestone in catalog().dependants("orders")] == [
        9,
        12,
        13,
        14,
        15,
        17,
        18,
        19,
    ]
    assert catalog().dependants("docker") == ()


def test_number_and_slug_name_the_test_file_and_the_page():
    orders = catalog().get("order-totals")
    assert orders.test_file == Path("tests/middle/test_09_order_totals.py")
    assert orders.path_doc == Path("docs/milestones/09-order-totals.md")
    assert str(orders) == "9 order-totals"
    assert (ROOT / "manage.py").is_file()


def test_a_stage_reaches_itself_and_the_ones_before():
    assert [Stage.MIDDLE.reaches(stage) for stage in Stage] == [True, True, False]
    assert [stage.order for stage in Stage] == [0, 1, 2]


def test_a_milestone_is_built_and_for_anyone_unless_it_says_otherwise(curriculum):
    found = curriculum(entry(1, "one"), entry(2, "two", planned="true", everyone_only="true"))
    assert [(m.planned, m.everyone_only) for m in found] == [(False, False), (True, True)]


def test_a_cycle_does_not_hang_the_question(curriculum):
    found = curriculum(entry(1, "one", requires='["two"]'), entry(2, "two", requires='["one"]'))
    assert [milestone.slug for milestone in found.chain("one")] == ["two", "one"]


def test_a_requirement_that_does_not_exist_is_named(curriculum):
    with pytest.raises(UnknownMilestoneError, match="'nothing'"):
        curriculum(entry(1, "one", requires='["nothing"]')).requirements("one")


@pytest.mark.parametrize(
    "values,message",
    [
        ({"colour": '"red"'}, r"milestone 3 \(three\): unknown field colour"),
        ({"goal": None, "off": None}, r"milestone 3 \(three\): missing field goal, off"),
        ({"stage": '"senior"'}, r"milestone 3 \(three\): stage takes junior, middle, advanced, not 'senior'"),
        ({"stage": "[]"}, r"stage takes junior, middle, advanced, not \[\]"),
        ({"number": '"3"'}, r"number takes int, not '3'"),
        ({"number": "true"}, r"number takes int, not True"),
        ({"hints": '"one hint"'}, r"hints takes a list of texts, not 'one hint'"),
        ({"tasks": "[1]"}, r"tasks takes a list of texts, not \[1\]"),
    ],
)
def test_a_wrong_field_is_named_with_its_milestone(curriculum, values, message):
    with pytest.raises(CurriculumError, match=message):
        curriculum(entry(3, "three", **values))


def test_a_file_that_is_not_toml_is_said_to_be_so(tmp_path):
    broken = tmp_path / "broken.toml"
    broken.write_text("[[milestone")
    with pytest.raises(CurriculumError, match=r"broken\.toml is not TOML"):
        load(broken)


def test_the_catalog_is_read_once():
    assert catalog() is catalog()
