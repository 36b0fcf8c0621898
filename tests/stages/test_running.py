"""The process that runs the checks: what it is given, and what becomes of it when it does not start."""

import json
import subprocess
import sys

import pytest

from stages.catalog import catalog
from stages.checking import running
from stages.checking.running import run_checks
from stages.checking.starting import Ended
from tests.processes import python


def milestones(*slugs):
    return [catalog().get(slug) for slug in slugs]


@pytest.mark.parametrize(
    "profile, stage", [("junior", "junior"), ("production", "advanced"), ("", "advanced")]
)
def test_how_far_the_profile_reaches_is_told_from_its_name(monkeypatch, profile, stage):
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", f"mini_crm.settings.{profile}")

    assert running.ceiling() == stage


def test_many_milestones_are_spread_over_the_cores_and_a_few_are_not(tmp_path):
    few = running.pytest_arguments(milestones("start"), tmp_path / "r.json")
    many = running.pytest_arguments(
        milestones("start", "orders", "avatars", "vip-signal"), tmp_path / "r.json"
    )

    assert "tests/junior/test_00_start.py" in few
    assert "-n" not in few
    assert many[many.index("-n") : many.index("-n") + 2] == ["-n", "auto"]


# --- For real ---------------------------------------------------------------------------------------------------------
def test_without_a_terminal_and_colour_the_answer_is_plain_text(tmp_path):
    ended = python("manage.py", "stages", "check", "start", "--results", str(tmp_path / "r.json"))

    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert ended.stdout.startswith("The required checks hold (1). Now the further ones …\npass     0 start: ")
    assert "\x1b" not in ended.stdout
    assert json.loads((tmp_path / "r.json").read_text())["milestones"][0]["status"] == "pass"


def test_the_profile_of_the_command_is_not_handed_on(monkeypatch):
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "mini_crm.settings.production")
    seen = {}

    def run(command, *, env, **options):
        seen.update(command=command, env=env)
        return subprocess.CompletedProcess(command, 4)

    monkeypatch.setattr(subprocess, "run", run)
    run_checks(milestones("start"))

    assert seen["command"][:3] == [sys.executable, "-m", "pytest"]
    assert "DJANGO_SETTINGS_MODULE" not in seen["env"]


def test_where_pytest_does_not_even_start_each_milestone_is_an_error(monkeypatch):
    ended = Ended(4, "ImportError: no module named clients.froms\n")
    monkeypatch.setattr(running, "run_pytest", lambda arguments: ended)
    broken = run_checks(milestones("start", "orders"))

    assert {row.milestone.slug: str(row.status) for row in broken.rows} == {
        "start": "error",
        "orders": "error",
    }
    assert "clients.froms" in broken.rows[0].results[0].got
