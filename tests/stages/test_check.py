"""`stages check`: what a learner asks, what is run for it, and what is answered."""

import json
import os
import sys
from io import StringIO

import pytest
from django.core.management import call_command

from stages.catalog import ROOT, catalog
from stages.checking import running
from stages.checking.check import lines, question, status
from stages.checking.results import Report, Status
from stages.checking.running import checked, milestones_named, run_checks
from stages.checking.watching import changed_since, times_of, wait_for_change
from stages.commands import check as command
from tests.processes import python
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
        return answer.report

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
    asked = question(milestones("order-totals"), alone=True)

    assert slugs(asked.all) == ["client-model", "client-crud", "orders", "order-totals"]


def test_what_the_profile_does_not_reach_is_left_alone(settings):
    settings.CRM_STAGE = "middle"

    assert slugs(question(milestones("read-only-api")).above) == []


def test_a_stage_is_asked_as_a_whole():
    asked = question(milestones_named("middle"))

    assert slugs(asked.asked) == slugs(catalog().of_stage("middle"))
    assert not set(asked.asked) & {*asked.below, *asked.above}


def test_without_a_name_everything_the_profile_contains_is_asked(settings):
    settings.CRM_STAGE = "junior"

    assert slugs(milestones_named(None)) == slugs(catalog().of_stage("junior"))


def test_only_the_required_checks_of_the_others_are_run(found):
    check("orders", "--alone")

    assert found.asked == [(["client-model", "client-crud", "orders"], ("--focus", "orders"))]


def test_many_files_are_spread_over_the_cores_and_a_few_are_not(tmp_path):
    few = running.pytest_arguments(milestones("start"), tmp_path / "r.json")
    many = running.pytest_arguments(
        milestones("start", "orders", "avatars", "vip-signal"), tmp_path / "r.json"
    )

    assert "tests/junior/test_00_start.py" in few
    assert "-n" not in few
    assert many[many.index("-n") : many.index("-n") + 2] == ["-n", "auto"]


# --- What is answered -------------------------------------------------------------------------------------------------
def test_the_asked_milestone_comes_first_then_what_it_may_have_broken():
    asked = question(milestones("orders"))
    told = lines(asked, BROKEN_ORDERS)

    assert told[0] == "FAIL     8 orders: 1 of 2 checks pass"
    after = told[told.index("What it may have broken (the required checks of what requires it):") + 1 :]
    assert after[:2] == [
        "blocked  9 order-totals: waits for orders",
        "blocked  13 csv-export: waits for orders",
    ]
    assert told[-1] == "Not yet: see above. It took 4 s."
    assert status(asked, BROKEN_ORDERS) == 1


def test_what_stands_on_something_broken_is_blocked_and_shown_what_to_mend_first():
    asked = question(milestones("order-totals"))
    told = lines(asked, BROKEN_ORDERS)

    assert told[0] == "blocked  9 order-totals: waits for orders"
    assert told[2:4] == [
        "It stands on what fails itself; mend that first:",
        "FAIL     8 orders: 1 of 2 checks pass",
    ]
    assert status(asked, BROKEN_ORDERS) == 3


@pytest.mark.parametrize(
    "results, expected",
    [
        ([("orders", "pass"), ("order-totals", "pass")], 0),
        ([("orders", "fail"), ("order-totals", "pass")], 1),
        ([("orders", "error"), ("order-totals", "pass")], 1),
        ([("orders", "pass"), ("order-totals", "fail")], 1),
        ([("client-crud", "fail"), ("orders", "pass")], 3),
        ([("order-totals", "pass")], 1),
        ([], 1),
    ],
)
def test_the_exit_status_is_honest(found, results, expected):
    found.report = report(*(result(slug, state) for slug, state in results))

    assert check("orders")[0] == expected


def test_the_results_are_written_where_they_are_wanted(found, tmp_path):
    assert check("orders", "--results", tmp_path / "results.json")[0] == 0
    assert Report.read(tmp_path / "results.json").status is Status.PASS


@pytest.mark.parametrize(
    "planned, words", [("true", "planned, no checks yet."), ("false", "Not yet: see above.")]
)
def test_checks_that_are_not_there_are_not_taken_for_green(curriculum, planned, words):
    curriculum(entry(90, "nowhere", planned=planned))
    code, said = check("nowhere")

    assert code == 1
    assert words in said


def test_what_is_built_needs_checks_and_what_is_planned_may_have_some(curriculum):
    curriculum(entry(90, "nowhere", planned="true"), entry(91, "built"))

    assert slugs(checked(catalog())) == ["built"]


# --- For real ---------------------------------------------------------------------------------------------------------
def test_without_a_terminal_and_colour_the_answer_is_plain_text(tmp_path):
    ended = python("manage.py", "stages", "check", "start", "--results", str(tmp_path / "r.json"))

    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert ended.stdout.startswith("pass     0 start: ")
    assert "\x1b" not in ended.stdout
    assert json.loads((tmp_path / "r.json").read_text())["milestones"][0]["status"] == "pass"


def test_the_profile_of_the_command_is_not_handed_on(monkeypatch):
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "mini_crm.settings.production")
    seen = {}

    def run(command, *, env, **options):
        seen.update(command=command, env=env)
        return running.subprocess.CompletedProcess(command, 4, "", "no such thing\n")

    monkeypatch.setattr(running.subprocess, "run", run)
    run_checks(milestones("start"))

    assert seen["command"][:3] == [sys.executable, "-m", "pytest"]
    assert "DJANGO_SETTINGS_MODULE" not in seen["env"]


def test_where_pytest_does_not_even_start_each_milestone_is_an_error(monkeypatch):
    ended = running.subprocess.CompletedProcess([], 4, "", "ImportError: no module named clients.froms\n")
    monkeypatch.setattr(running, "run_pytest", lambda arguments: ended)
    broken = run_checks(milestones("start", "orders"))

    assert {row.milestone.slug: str(row.status) for row in broken.rows} == {
        "start": "error",
        "orders": "error",
    }
    assert "clients.froms" in broken.rows[0].results[0].got


# --- --watch ----------------------------------------------------------------------------------------------------------
def test_a_saved_file_a_new_one_and_one_that_went_are_noticed(tmp_path):
    folder = tmp_path / "clients"
    folder.mkdir()
    kept, gone = folder / "kept.py", folder / "gone.html"
    kept.write_text("1")
    gone.write_text("1")
    (folder / "notes.sqlite3").write_text("1")
    before = times_of(tmp_path)

    def save(seconds):
        kept.write_text("2")
        os.utime(kept, ns=(1, 1))
        gone.unlink()
        (folder / "new.toml").write_text("")

    changed, after = wait_for_change(before, tmp_path, sleep=save)

    assert [path.name for path in changed] == ["gone.html", "kept.py", "new.toml"]
    assert changed_since(after, times_of(tmp_path)) == []


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
    assert len(found.asked) == 2
    assert "clients/forms.py was saved." in said
