"""What holds for the test files of all milestones, read as text; whether they are green their own runs say."""

import pytest

from stages.catalog import Stage, catalog
from stages.checking.files import files_of
from tests.processes import ROOT
from tests.suite import checks_of

MINIMUM = {Stage.JUNIOR: 2, Stage.MIDDLE: 5, Stage.ADVANCED: 8}
BUILT = [milestone for milestone in catalog() if not milestone.planned and checks_of(milestone)]
SWITCHED = [milestone for milestone in BUILT if milestone.switchable]
FOUNDATION = [milestone for milestone in BUILT if not milestone.switchable]
ESCAPES = {"skip", "skipif", "xfail"}


def test_every_built_milestone_has_its_test_file():
    missing = [
        str(found) for found in catalog() if not found.planned and not (ROOT / found.test_file).exists()
    ]

    assert missing == []


@pytest.mark.parametrize("milestone", BUILT, ids=str)
def test_every_milestone_has_required_checks(milestone):
    assert [check.name for check in checks_of(milestone) if "required" in check.markers]


@pytest.mark.parametrize("milestone", SWITCHED, ids=str)
def test_every_switched_milestone_has_a_required_check_that_must_fail_without_it(milestone):
    """The others may go without `contrast` where an earlier milestone guarantees the same: in mode off they pass."""
    assert any(check.markers >= {"required", "contrast"} for check in checks_of(milestone))


@pytest.mark.parametrize("milestone", FOUNDATION, ids=str)
def test_what_is_never_switched_off_has_no_contrast(milestone):
    assert [check.name for check in checks_of(milestone) if "contrast" in check.markers] == []


@pytest.mark.parametrize("stage", [stage for stage in Stage if any(found.stage is stage for found in BUILT)])
def test_the_minimum_of_the_course_is_far_exceeded(stage):
    """2, 5 and 8 are asked for; every built milestone by itself has more than its whole stage needs."""
    built = [milestone for milestone in BUILT if milestone.stage is stage]
    number = sum(len(checks_of(milestone)) for milestone in built)

    assert number >= MINIMUM[stage] * len(built)
    assert number >= 10 * MINIMUM[stage] or len(built) < len(catalog().of_stage(stage))


@pytest.mark.parametrize("milestone", BUILT, ids=str)
def test_no_required_check_is_skipped(milestone):
    required = [check for check in checks_of(milestone) if "required" in check.markers]

    assert [check.name for check in required if check.markers & ESCAPES] == []


@pytest.mark.parametrize("milestone", BUILT, ids=str)
def test_the_name_of_a_check_is_a_sentence_and_it_asserts_something(milestone):
    checks = checks_of(milestone)

    assert [check.name for check in checks if check.name.count("_") < 3] == []
    assert [check.name for check in checks if not check.asserts] == []


@pytest.mark.parametrize("milestone", BUILT, ids=str)
def test_no_two_checks_of_a_file_have_the_same_name(milestone):
    names = [check.name for check in checks_of(milestone)]

    assert sorted(names) == sorted(set(names))


def test_every_numbered_file_lies_in_the_folder_of_its_milestones_stage():
    found = {file for stage in Stage for file in (ROOT / "tests" / stage).glob("test_[0-9][0-9]_*.py")}

    assert found == {file for milestone in catalog() for file in files_of(milestone, ROOT)}
