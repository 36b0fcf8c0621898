"""`stages report` and `stages matrix`, and the workflows that call them."""

import json
import re
from io import StringIO
from xml.etree.ElementTree import fromstring

import pytest
from django.core.management import CommandError, call_command

from stages import last_results
from stages.catalog import Stage, catalog
from stages.commands import report as command
from stages.rollout import Audience, roll_out
from stages.switches import FixedError, RefusedError
from tests.processes import ROOT
from tests.stages.conftest import entry
from tests.stages.samples import BROKEN_ORDERS

WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))


def stages(*arguments) -> str:
    out = StringIO()
    call_command("stages", *map(str, arguments), stdout=out)
    return out.getvalue()


# --- report -----------------------------------------------------------------------------------------------------------
@pytest.fixture
def results(tmp_path):
    BROKEN_ORDERS.write(tmp_path / "results.json")
    return tmp_path / "results.json"


def test_each_form_is_written_where_it_is_wanted(results, tmp_path):
    out = tmp_path / "out"
    said = stages(
        *("report", results, "--junit", out / "junit.xml", "--markdown", out / "pr.md"),
        *("--badges", out / "badges", "--html", out / "html"),
    )

    assert fromstring((out / "junit.xml").read_text()).tag == "testsuites"
    assert (out / "pr.md").read_text().startswith("### ❌")
    assert (out / "badges" / "middle.svg").exists()
    assert (out / "html" / "index.html").exists()
    assert f"Written: {out / 'junit.xml'}" in said


def test_without_a_form_the_page_is_made(results, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    stages("report", results)

    assert (tmp_path / "report" / "index.html").exists()


def test_a_file_that_is_no_results_file_is_a_usage_error(tmp_path):
    with pytest.raises(CommandError, match="cannot be read") as refused:
        stages("report", tmp_path / "nothing.json")
    assert refused.value.returncode == 2


@pytest.mark.parametrize(
    "there, read",
    [
        ([".results/latest.json", "results.json"], ".results/latest.json"),
        (["results.json"], "results.json"),
    ],
)
def test_what_was_written_down_last_is_found_and_named(tmp_path, monkeypatch, there, read):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(command, "ROOT", tmp_path)
    monkeypatch.setattr(last_results, "ROOT", tmp_path)
    for place in there:
        BROKEN_ORDERS.write(tmp_path / place)

    assert f"Read: {read}\n" in stages("report")
    assert f"Read from <code>{read}</code>" in (tmp_path / "report" / "index.html").read_text()


def test_where_nothing_was_checked_yet_the_command_says_what_to_run(tmp_path, monkeypatch):
    monkeypatch.setattr(last_results, "ROOT", tmp_path)

    with pytest.raises(CommandError, match="There are no results yet") as refused:
        stages("report")
    assert refused.value.returncode == 2


# --- matrix -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("stage", Stage)
def test_each_milestone_has_its_job_at_both_ends_of_the_versions(stage):
    found = json.loads(stages("matrix", "--stage", stage, "--json"))

    jobs = [(job["milestone"], job["env"]) for job in found["milestones"]["include"]]
    assert jobs == [
        (milestone.slug, env)
        for milestone in catalog().of_stage(stage)
        for env in ("py311-django52", "py313-django61")
    ]
    assert [job["env"] for job in found["suite"]["include"]] == [
        "py311-django52",
        "py313-django52",
        "py313-django61",
    ]


def test_for_people_the_matrix_is_a_table():
    lines = stages("matrix", "--stage", "middle").splitlines()

    assert lines[0].split() == ["Job", "Python", "Django"]
    assert lines[-1].split() == ["the", "whole", "suite", "3.13", "6.1"]


# --- The workflows ----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_every_action_is_pinned_by_its_commit_and_no_right_is_given_by_default(path):
    text = path.read_text(encoding="utf-8")
    used = re.findall(r"uses: (\S+)(.*)", text)

    assert used
    for action, comment in used:
        assert action.startswith("./") or re.fullmatch(r"[\w/-]+@[0-9a-f]{40}", action), action
        assert action.startswith("./") or re.fullmatch(r" # v\d+\.\d+\.\d+", comment), comment
    assert "\npermissions: {}\n" in text
    written = re.findall(r"^ +([\w-]+): write$", text, flags=re.MULTILINE)
    assert written == (["pull-requests"] if path.stem == "grade" else [])  # it comments on a pull request


def test_each_stage_has_a_workflow_of_its_own_name():
    names = {path.stem: path.read_text(encoding="utf-8") for path in WORKFLOWS}

    for stage in Stage:
        assert f"name: {stage}\n" in names[stage]
        assert f"stage: {stage}\n" in names[stage]
    assert set(names) == {"junior", "middle", "advanced", "stage", "services", "browser", "lint", "grade"}


# --- What cannot be rolled out ----------------------------------------------------------------------------------------
@pytest.mark.django_db
@pytest.mark.parametrize(
    "name, said",
    [
        ("client-model", "has no switch"),
        ("vip-signal", "only when it is on for everyone"),
        ("soon", "not built yet"),
    ],
)
def test_what_has_no_audience_is_refused(curriculum, learner, name, said):
    curriculum(entry(90, "soon", planned="true"), real=True)

    with pytest.raises(FixedError, match=said):
        roll_out(name, Audience(users=(learner,)))


@pytest.mark.django_db
def test_nobody_is_no_audience(milestones):
    with pytest.raises(RefusedError, match="Choose a group"):
        roll_out("orders", Audience())
