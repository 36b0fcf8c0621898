"""`stages prove`: what counts as proved, and what is found out when it is not."""

from contextlib import nullcontext
from io import StringIO

import pytest
from django.core.management import call_command

from stages.catalog import Stage, catalog
from stages.checking import prove as proving
from stages.checking.declared_checks import declared_checks_of
from stages.checking.mistakes import (
    Mistake,
    NotAppliedError,
    UnknownMistakeError,
    applied,
    mistake_named,
    mistakes_of,
)
from stages.checking.prove import lacks, prove, table, too_few
from stages.checking.results import Report, Status
from tests.processes import ROOT, python
from tests.stages.conftest import entry
from tests.stages.mistakes.patches import method
from tests.stages.samples import report, result

NOT_TIED = Mistake("no", "It is tied to nothing.", "test_nothing", nullcontext, "orders")


SWITCHED = [milestone for milestone in catalog() if milestone.switchable and not milestone.planned]


# --- The known mistakes -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize("milestone", SWITCHED, ids=str)
def test_every_switched_milestone_has_two_mistakes_that_a_required_check_must_catch(milestone):
    assert lacks(milestone) == []
    names = [mistake.name for mistake in mistakes_of(milestone)]
    assert len(names) >= 2
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("milestone", SWITCHED, ids=str)
def test_every_mistake_can_be_made_and_leaves_nothing_behind(milestone):
    for mistake in mistakes_of(milestone):
        assert mistake.says.endswith(".")
        for _ in range(2):
            with applied(mistake):
                pass


def test_a_mistake_is_found_by_its_name():
    assert mistake_named("orders:read-only-inline").milestone == "orders"
    with pytest.raises(UnknownMistakeError, match="orders:read-only-inline"):
        mistake_named("orders:nothing-like-it")


def test_a_mistake_that_no_longer_fits_the_code_is_not_taken_for_caught():
    stale = Mistake("stale", "It is old.", "test_x", method(Mistake, "no_such_method", None), "orders")

    with pytest.raises(NotAppliedError, match=r"orders:stale cannot be made: AttributeError"), applied(stale):
        pytest.fail("the block must not be reached")


# --- The command ------------------------------------------------------------------------------------------------------
@pytest.fixture
def runs(monkeypatch):
    """The runs of a proof, answered without pytest; `runs.bad` is the run in which the orders fail."""
    made = []

    def answer(milestones, *arguments, run):
        made.append((run, [milestone.slug for milestone in milestones], arguments))
        bad = answer.bad == run
        return report(
            *(
                result(m.slug, "fail" if bad else "pass", run=run, test=f"test_number_{n}")
                for m in milestones
                for n in range(9)
            )
        )

    answer.bad, answer.made = "", made
    monkeypatch.setattr(proving, "run_checks", answer)
    return answer


def proved(*arguments) -> tuple[int, str]:
    out = StringIO()
    try:
        call_command("stages", "prove", *arguments, stdout=out)
    except SystemExit as ended:
        return ended.code, out.getvalue()
    return 0, out.getvalue()


def test_all_four_runs_are_made_each_in_one_process(runs, tmp_path):
    code, said = proved("junior", "--results", tmp_path / "results.json")

    assert code == 0
    junior = [milestone.slug for milestone in catalog().of_stage("junior")]
    switched = [milestone.slug for milestone in catalog().of_stage("junior") if milestone.switchable]
    assert [(run, slugs) for run, slugs, _ in runs.made] == [
        ("own", junior),
        ("all", junior),
        ("off", switched),
        ("mistakes", switched),
    ]
    assert "0    start              9/9  9/9  –    –                pass" in said
    assert "2    client-crud        9/9  9/9  9/9  9/9              pass" in said
    assert said.endswith("Every check proves what it says. It took 14 s.\n")
    assert Report.read(tmp_path / "results.json").status is Status.PASS


def test_what_is_never_switched_is_proved_without_the_runs_that_switch(runs):
    assert proved("start")[0] == 0
    assert [run for run, _, _ in runs.made] == ["own", "all"]


@pytest.mark.parametrize("bad", ["own", "all", "off", "mistakes"])
def test_one_bad_run_is_enough_to_fail(runs, bad):
    runs.bad = bad
    code, said = proved("orders")

    assert code == 1
    assert "FAIL     8 orders: required 27 of 36" in said
    assert said.endswith("Not everything is proved; see above. It took 14 s.\n")


def test_a_mistake_that_slips_through_blocks_nobody():
    found = report(result("orders", "fail", run="mistakes", mistake="x"), result("order-totals"))

    assert [cells[-1] for cells in table(found)] == ["fail", "pass"]


def test_the_minimum_of_the_course_is_asserted():
    middle = catalog().of_stage("middle")

    assert too_few(Stage.MIDDLE, middle, report(*[result("orders")] * 4)) == [
        "The middle stage has 4 green checks; the course asks for at least 5."
    ]
    assert too_few(Stage.MIDDLE, middle, report(*[result("orders")] * 5)) == []


def test_a_milestone_without_contrast_or_mistakes_is_not_proved(monkeypatch):
    monkeypatch.setattr(proving, "declared_checks_of", lambda milestone, root: [])
    monkeypatch.setattr(proving, "mistakes_of", lambda milestone: [NOT_TIED])

    assert lacks(catalog().get("orders")) == [
        "8 orders has no required check.",
        "8 orders has no contrast check.",
        "8 orders has 0 known mistakes that a required check must catch; 2 are asked for.",
        "orders:no names test_nothing, which is no check of it.",
    ]


def test_one_milestone_is_proved_for_real(tmp_path):
    said = []
    milestone = catalog().get("active-clients")
    proof = prove([milestone], said.append)
    contrast = sum("contrast" in check.markers for check in declared_checks_of(milestone, ROOT))
    known = len(mistakes_of(milestone))

    assert proof.holds, [line for row in proof.report.rows for line in row.bad]
    (line,) = table(proof.report)
    assert line[0:2] == ("12", "active-clients")
    assert line[4] == f"{contrast}/{contrast}"
    assert line[5] == f"{known}/{known}"


def test_planned_milestones_are_named_and_not_counted(runs, curriculum):
    curriculum(entry(90, "nowhere", planned="true", switchable="false"), real=True)

    assert "90 nowhere: planned, no checks yet." in proved("90")[1]


# --- The plugin, for real ---------------------------------------------------------------------------------------------
BAD_FILE = """
import pytest

pytestmark = pytest.mark.django_db


@pytest.fixture
def broken():
    raise RuntimeError("a broken fixture")


@pytest.mark.required
def test_that_is_skipped():
    pytest.skip("no time")


@pytest.mark.required
def test_with_a_broken_fixture(broken):
    assert True


@pytest.mark.required
@pytest.mark.contrast
def test_that_breaks_before_it_asserts():
    {}["x"]


def test_that_fails():
    assert 1 == 2, "one is not two"
"""


def test_skips_and_broken_fixtures_are_errors_and_failures_say_what_came(tmp_path):
    folder = tmp_path / "tests" / "middle"
    folder.mkdir(parents=True)
    (folder / "test_08_bad.py").write_text(BAD_FILE)
    ended = python(
        *("-m", "pytest", "-q", "-p", "no:cacheprovider", "-c", str(ROOT / "pyproject.toml")),
        *("--rootdir", str(tmp_path), "-p", "stages.checking.plugin"),
        *("--results", str(tmp_path / "r.json"), str(folder / "test_08_bad.py")),
    )
    found = {one.title: one for one in Report.read(tmp_path / "r.json").results}

    assert {title: str(one.status) for title, one in found.items()}.items() >= {
        "that is skipped": "error",
        "with a broken fixture": "error",
        "that breaks before it asserts": "fail",
        "that fails": "fail",
    }.items(), ended.stdout
    assert found["that fails"].got.startswith("one is not two")
    assert found["that breaks before it asserts"].got.startswith("KeyError: 'x'")
