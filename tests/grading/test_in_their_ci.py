"""What the action and the workflow run in a learner's repository, run here: the scripts as they stand there."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from stages.catalog import ROOT

PROJECTS = ROOT / "tests" / "grading" / "projects"
ACTION = ROOT / ".github" / "actions" / "grade" / "action.yml"
WORKFLOW = ROOT / ".github" / "workflows" / "grade.yml"


@pytest.fixture
def graded(tmp_path):
    """`graded(project, only)`: the exit status of the action's last step, and its outputs."""

    def run(project: str, only: str = "") -> tuple[int, dict[str, str]]:
        step = yaml.safe_load(ACTION.read_text())["runs"]["steps"][-1]
        given = {
            "${{ runner.temp }}/grader/bin/python": sys.executable,
            "${{ github.action_path }}/../../..": str(ROOT),
            "${{ inputs.path }}": str(PROJECTS / project),
            "${{ inputs.python }}": sys.executable,
            "${{ inputs.only }}": only,
            "${{ inputs.folder }}": str(tmp_path / "graded"),
        }
        env = {name: given[value] for name, value in step["env"].items()}
        files = {"GITHUB_OUTPUT": "output", "GITHUB_STEP_SUMMARY": "summary", "RUNNER_TEMP": "."}
        env |= {name: str(tmp_path / file) for name, file in files.items()}
        done = subprocess.run(
            ["bash", "-e", "-c", step["run"]],
            cwd=tmp_path,
            env={**os.environ, **env},
            capture_output=True,
            text=True,
            check=False,
        )
        lines = (tmp_path / "output").read_text().splitlines()
        return done.returncode, dict(line.split("=", 1) for line in lines)

    return run


def test_a_failing_milestone_makes_its_own_job_red_and_no_other(graded, tmp_path):
    status, outputs = graded("beginner", "0 3")
    assert (status, outputs["status"]) == (0, "1")
    jobs = {job["number"]: job for job in json.loads(outputs["milestones"])["include"]}
    assert {number: job["status"] for number, job in jobs.items()} == {0: "pass", 3: "fail"}
    assert {number: step_of(job) for number, job in jobs.items()} == {0: 0, 3: 1}
    for made in ("results.json", "report/index.html", "junit.xml", "badges/junior.svg", "summary.md"):
        assert (tmp_path / "graded" / made).stat().st_size
    assert "client-validation" in (tmp_path / "summary").read_text()


def step_of(job: dict[str, str]) -> int:
    """The exit status of the workflow's job for this milestone."""
    [step] = yaml.safe_load(WORKFLOW.read_text())["jobs"]["milestone"]["steps"]
    env = {"STATUS": job["status"], "SAYS": job["says"]}
    return subprocess.run(
        ["bash", "-e", "-c", step["run"]], env={**os.environ, **env}, capture_output=True, check=False
    ).returncode


@pytest.mark.parametrize("status, code", [("pass", 0), ("fail", 1), ("blocked", 0), ("unjudged", 0)])
def test_what_is_blocked_or_not_judged_is_no_failure(status, code):
    assert step_of({"status": status, "says": "`; exit 3`"}) == code


def test_a_project_that_does_not_start_is_red_as_a_whole(graded):
    status, outputs = graded("broken")
    assert (status, outputs["status"]) == (4, "4")


def test_the_action_lies_where_the_workflow_looks_for_it():
    steps = yaml.safe_load(WORKFLOW.read_text())["jobs"]["grade"]["steps"]
    [uses] = [step["uses"] for step in steps if step.get("id") == "grade"]
    assert ROOT / Path(uses).relative_to("grader") / "action.yml" == ACTION
