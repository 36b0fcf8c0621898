"""`stages check`: what a learner asks, what is run for it, and what is answered."""

from io import StringIO

import pytest
from django.core.management import call_command

from stages.catalog import ROOT, catalog
from stages.checking import check as checking
from stages.checking.check import question
from stages.checking.results import Report, Status
from stages.checking.running import checked, milestones_named
from stages.commands import check as command
from tests.stages.conftest import entry
from tests.stages.samples import BROKEN_ORDERS, report, result


def milestones(*slugs):
    return [catalog().get(slug) for slug in slugs]


def slugs(found) -> list[str]:
    return [milestone.slug for milestone in found]


@pytest.fixture
def found(monkeypatch):
    """What pytest would have found; the milestones and arguments it was asked for."""
    asked = []

    def answer(wanted, *arguments, run="own"):
        asked.append((slugs(wanted), arguments))
        return Report(tuple(one for one in answer.report.results if one.of in wanted), answer.report.about)

    answer.report, answer.asked = report(result("orders")), asked
    monkeypatch.setattr("stages.checking.check.run_checks", answer)
    return answer


def check(*arguments) -> tuple[int, str]:
    out = StringIO()
    try:
        call_command("stages", "check", *arguments, stdout=out)
    except SystemExit as ended:
        return ended.code, out.getvalue()
    return 0, out.getvalue()


# --- What is run ------------------------------------------------------------------------------------------------------
def test_what_it_stands_on_and_what_it_may_have_broken_is_asked_as_well():
    asked = question(milestones("order-totals"))

    assert slugs(asked.below) == ["client-model", "client-crud", "orders"]
    assert slugs(asked.above) == ["csv-export"]


def test_alone_leaves_out_what_it_may_have_broken():
    assert question(milestones("order-totals"), alone=True).above == ()


def test_what_the_profile_does_not_reach_is_left_alone(monkeypatch):
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "mini_crm.settings.middle")

    assert slugs(question(milestones("read-only-api")).above) == []


def test_a_stage_is_asked_as_a_whole():
    asked = question(milestones_named("middle"))

    assert slugs(asked.asked) == slugs(catalog().of_stage("middle"))
    assert not set(asked.asked) & {*asked.below, *asked.above}


def test_without_a_name_everything_the_profile_contains_is_asked(monkeypatch):
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "mini_crm.settings.junior")

    assert slugs(milestones_named(None)) == slugs(catalog().of_stage("junior"))


GREEN = report(
    *(result(slug) for slug in ("client-model", "client-crud", "orders", "order-totals", "csv-export"))
)
REQUIRED = ("-m", "required", "--first-look")
STARS = ("-m", "not required")
ORDERS = (["orders"], REQUIRED)
WHAT_ORDERS_STAND_ON = (["client-model", "client-crud"], ("-m", "required"))


def test_a_green_milestone_does_not_ask_what_it_stands_on(found):
    found.report = GREEN
    check("order-totals")

    assert found.asked == [
        (["order-totals"], REQUIRED),
        (["order-totals"], STARS),
        (["csv-export"], ("-m", "required")),
    ]


def test_alone_really_leaves_the_rest_out(found):
    found.report = GREEN
    check("orders", "--alone")

    assert found.asked == [ORDERS, (["orders"], STARS)]


def test_the_further_checks_wait_until_the_required_ones_hold(found):
    found.report = report(result("orders", "fail"))
    check("orders", "--alone")

    assert (["orders"], STARS) not in found.asked


def test_a_further_check_that_fails_is_told_and_does_not_decide(found):
    found.report = report(
        result("orders"), result("orders", "fail", test="test_far", required=False, kind="scale")
    )
    code, words = check("orders")

    assert code == 0
    assert "Does what it stands on hold?" not in words
    assert "pass     8 orders: required 1 of 1 · scale 0 of 1" in words
    assert "FAIL far (scale)" in words


def test_a_red_milestone_asks_what_it_stands_on_and_not_what_it_has_broken_for_certain(found):
    found.report = report(result("client-crud"), result("orders", "fail"))
    check("orders")

    assert found.asked == [ORDERS, WHAT_ORDERS_STAND_ON]


@pytest.mark.parametrize("blame", ["", "orders"])
def test_an_error_whose_line_is_known_is_not_looked_for_below(found, blame):
    error = result("orders", "fail", frame="clients/changes.py:9", blame=blame)
    found.report = report(error, result("client-crud", "fail"))

    assert check("orders")[0] == 1
    assert found.asked == [ORDERS]


# --- What is answered -------------------------------------------------------------------------------------------------
def said(found, *arguments) -> list[str]:
    return check(*arguments)[1].splitlines()


def test_the_verdict_is_told_before_anything_else_is_run(found, monkeypatch):
    found.report = GREEN
    told = []

    def answered(wanted, *arguments, run="own"):
        told.append(f"ran {', '.join(slugs(wanted))}")
        return found(wanted, *arguments)

    monkeypatch.setattr("stages.checking.check.run_checks", answered)
    checking.answer(question(milestones("order-totals")), told.append, lambda report: None)

    assert told == [
        "ran order-totals",
        "The required checks hold (1). Now the further ones …",
        "ran order-totals",
        "pass     9 order-totals: required 1 of 1",
        "\nWhat it may have broken (the required checks of what requires it):",
        "ran csv-export",
        "pass     13 csv-export: required 1 of 1",
    ]


def test_a_milestone_that_fails_by_itself_is_told_so(found):
    found.report = BROKEN_ORDERS
    lines = said(found, "orders")

    assert lines[0] == "FAIL     8 orders: required 1 of 2"
    assert lines[-5:-3] == [
        "Does what it stands on hold? 1 client-model, 2 client-crud …",
        "It does: the fault is its own.",
    ]
    assert lines[-2].startswith("Not yet: see above. It took ")
    assert lines[-1] == "A hint: python manage.py stages hint 8"


def test_what_stands_on_something_broken_is_blocked_and_shown_what_to_mend_first(found):
    found.report = BROKEN_ORDERS
    code, words = check("order-totals")

    assert code == 3
    lines = words.splitlines()
    at = lines.index("No; mend that first:")
    assert lines[at + 1] == "FAIL     8 orders: required 1 of 2"
    assert lines[-1].startswith("Nothing can be said yet: what it requires has to hold first. It took ")


def test_an_error_in_the_code_of_another_milestone_is_that_ones_failure(found):
    error = {"frame": "clients/crud/listing.py:39", "blame": "search-pagination", "got": "NameError: x"}
    found.report = report(result("client-crud", "fail", **error), result("client-crud", test="test_add"))
    code, words = check("client-crud")

    assert code == 3
    assert found.asked == [(["client-crud"], REQUIRED)]
    lines = words.splitlines()
    assert lines[0] == "blocked  2 client-crud: waits for search-pagination"
    assert lines[2:4] == [
        "It waits for what fails itself; mend that first:",
        "FAIL     4 search-pagination: required 0 of 1",
    ]


def test_the_time_told_is_the_time_waited(found, monkeypatch):
    moments = iter([100.0, 107.25])
    monkeypatch.setattr(command.time, "monotonic", lambda: next(moments))

    assert said(found, "orders", "--alone")[-1] == "All of it holds. It took 7.2 s."


@pytest.mark.parametrize(
    "results, expected",
    [
        ([("orders", "pass"), ("order-totals", "pass")], 0),
        ([("orders", "fail"), ("order-totals", "pass")], 1),
        ([("orders", "error"), ("order-totals", "pass")], 4),
        ([("orders", "pass"), ("order-totals", "fail")], 1),
        ([("client-crud", "fail"), ("orders", "fail")], 3),
        ([("client-crud", "fail"), ("orders", "pass")], 0),
        ([("order-totals", "pass")], 4),
        ([], 4),
    ],
)
def test_the_exit_status_is_honest(found, results, expected):
    found.report = report(*(result(slug, state) for slug, state in results))

    assert check("orders")[0] == expected


def test_the_results_are_written_where_they_are_wanted(found, tmp_path):
    assert check("orders", "--results", tmp_path / "results.json")[0] == 0
    assert Report.read(tmp_path / "results.json").status is Status.PASS


def test_a_disk_that_cannot_be_written_to_takes_the_answer_not_away(found, monkeypatch):
    monkeypatch.setattr(command, "record", lambda report: (_ for _ in ()).throw(OSError("disk full")))
    code, words = check("orders", "--alone")

    assert code == 4
    assert "What was found cannot be kept: disk full" in words
    assert "All of it holds." in words


@pytest.mark.parametrize(
    "planned, code, words",
    [("true", 1, "planned, no checks yet."), ("false", 4, "The checker itself could not tell: see above.")],
)
def test_checks_that_are_not_there_are_not_taken_for_green(curriculum, planned, code, words):
    curriculum(entry(90, "nowhere", planned=planned))
    found = check("nowhere")

    assert found[0] == code
    assert words in found[1]


def test_what_is_built_needs_checks_and_what_is_planned_may_have_some(curriculum):
    curriculum(entry(90, "nowhere", planned="true"), entry(91, "built"))

    assert slugs(checked(catalog())) == ["built"]


# --- --watch ----------------------------------------------------------------------------------------------------------
def test_watching_runs_again_and_ends_with_the_last_status(found, monkeypatch):
    rounds = iter([([ROOT / "clients" / "forms.py"], {})])

    def wait(times, root):
        try:
            return next(rounds)
        except StopIteration:
            raise KeyboardInterrupt from None

    monkeypatch.setattr(command, "wait_for_change", wait)
    found.report = report(result("orders", "fail"))
    code, said = check("orders", "--watch")

    assert code == 1
    assert found.asked == [ORDERS, WHAT_ORDERS_STAND_ON] * 2
    assert "clients/forms.py was saved." in said
