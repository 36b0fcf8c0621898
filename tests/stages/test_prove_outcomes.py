"""What an outcome means in each run, and what is read from the files as text."""

import textwrap

import pytest

from stages.catalog import catalog
from stages.checking.declared_checks import checks_in, declared_checks_of
from stages.checking.mistakes import mistakes_of
from stages.checking.recording import Facts, caught_or_not, judge, not_run
from stages.checking.results import Status
from stages.checking.words import got, sentence
from tests.processes import ROOT
from tests.stages.samples import result


# --- What an outcome means --------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "run, outcome, kind, expected",
    [
        ("own", "passed", "", "pass"),
        ("own", "failed", "assertion", "fail"),
        ("own", "failed", "exception", "fail"),
        ("own", "failed", "checker", "error"),
        ("own", "skipped", "", "error"),
        ("all", "failed", "assertion", "fail"),
        ("off", "failed", "assertion", "pass"),
        ("off", "failed", "exception", "fail"),
        ("off", "passed", "", "fail"),
        ("off", "failed", "checker", "error"),
        ("mistakes", "failed", "assertion", "pass"),
        ("mistakes", "failed", "exception", "pass"),
        ("mistakes", "passed", "", "fail"),
        ("mistakes", "failed", "checker", "error"),
    ],
)
def test_what_an_outcome_means_depends_on_the_run(run, outcome, kind, expected):
    assert judge(run, Facts(outcome, kind)).status == expected


def test_a_mistake_is_caught_once_one_parameter_of_its_check_fails():
    tries = [
        result("orders", "fail", run="mistakes", mistake="one"),
        result("orders", "error", run="mistakes", mistake="one"),
        result("orders", "pass", run="mistakes", mistake="one"),
        result("orders", "fail", run="mistakes", mistake="two"),
        result("orders", "error", run="mistakes", mistake="three"),
    ]

    assert {one.mistake: str(one.status) for one in caught_or_not(tries)} == {
        "one": "pass",
        "two": "fail",
        "three": "error",
    }


def test_a_required_check_that_did_not_run_is_an_error():
    orders = catalog().get("orders")
    required = [check for check in declared_checks_of(orders, ROOT) if "required" in check.markers]
    ran = [result("orders", test="x")]
    lost = list(not_run(orders, ran, "own", ROOT))

    assert {one.test for one in lost} == {check.test for check in required}
    assert {one.status for one in lost} == {Status.ERROR}


def test_a_mistake_that_was_not_run_is_an_error():
    lost = list(not_run(catalog().get("orders"), [], "mistakes", ROOT))

    assert {one.mistake for one in lost} == {mistake.name for mistake in mistakes_of(catalog().get("orders"))}


def test_what_cannot_be_switched_off_lacks_nothing_in_mode_off():
    assert list(not_run(catalog().get("start"), [], "off", ROOT)) == []


def test_a_file_without_any_check_is_an_error(tmp_path):
    lost = list(not_run(catalog().get("orders"), [], "own", tmp_path))

    assert [(one.test, str(one.status)) for one in lost] == [("tests/middle/test_08_orders.py", "error")]


# --- Read as text -----------------------------------------------------------------------------------------------------
def test_markers_are_read_from_the_file_without_importing_it(tmp_path):
    file = tmp_path / "test_08_orders.py"
    file.write_text(
        textwrap.dedent(
            """
            import nothing_like_it

            @pytest.mark.required
            @pytest.mark.parametrize("x", [1])
            def test_one(x): ...

            @other.mark.required
            async def test_two(): ...

            def helper(): ...
            """
        )
    )
    found = checks_in(file, tmp_path)

    assert [(check.name, sorted(check.markers)) for check in found] == [
        ("test_one", ["parametrize", "required"]),
        ("test_two", []),
    ]
    file.write_text("def broken(:")
    assert checks_in(file, tmp_path) == []


def test_a_name_reads_as_a_sentence():
    assert (
        sentence("tests/x.py::test_a_guest_is_led_to_the_login[get-/x/]")
        == "a guest is led to the login [get-/x/]"
    )


def test_what_came_is_said_in_few_words():
    assert got(AssertionError("expected 200,\n\n got 404"), is_assertion=True) == "expected 200, got 404"
    assert got(AssertionError(), is_assertion=True) == "a failed assertion"
    assert got(KeyError("x"), is_assertion=False) == "KeyError: 'x'"
    assert len(got(AssertionError("x" * 10_000), is_assertion=True)) == 402
