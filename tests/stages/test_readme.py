"""README.md, CONTRIBUTING.md and .env.example say what is so."""

import re
from pathlib import Path

import pytest

from scripts import readme_commands, stage_map
from stages.catalog import catalog

ROOT = Path(__file__).resolve().parents[2]
CI = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
TARGETS = set(
    re.findall(r"^([a-z-]+):(?!=)", (ROOT / "Makefile").read_text(encoding="utf-8"), flags=re.MULTILINE)
)


def test_every_command_of_the_readme_is_run_by_ci():
    assert [line for line in readme_commands.commands(README) if line not in readme_commands.HOW] == []
    assert "step .venv/bin/python -m scripts.readme_commands\n" in CI


def test_no_command_is_run_that_the_readme_has_dropped():
    assert set(readme_commands.HOW) - set(readme_commands.commands(README)) == set()


@pytest.mark.parametrize(
    "command", [command for command, how in readme_commands.HOW.items() if how is readme_commands.ci_runs]
)
def test_a_command_left_to_ci_stands_in_ci(command):
    readme_commands.ci_runs(command, ROOT)


def test_a_command_left_to_ci_that_does_not_stand_there_is_refused():
    with pytest.raises(SystemExit, match=r"README\.md says `make tea`"):
        readme_commands.ci_runs("make tea", ROOT)


def test_every_command_of_contributing_is_run_by_ci():
    ours = readme_commands.commands(CONTRIBUTING)

    assert [line for line in ours if f"step {line}\n" not in CI and line not in readme_commands.HOW] == []


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md", ".ci/run", ".env.example"])
def test_every_make_target_that_is_named_exists(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    named = set(re.findall(r"(?:`|step |^)make (?:-n )?([a-z][a-z-]*)", text, flags=re.MULTILINE))

    assert named - TARGETS == set()


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md"])
def test_every_link_into_the_repository_leads_somewhere(name):
    targets = re.findall(r"\]\(([^)#]+)", (ROOT / name).read_text(encoding="utf-8"))
    # GitHub's own page of a workflow; here its file has to be there.
    inside = [
        re.sub(r"^\.\./\.\./actions/workflows/([a-z]+\.yml)(/badge\.svg)?$", r".github/workflows/\1", target)
        for target in targets
        if "://" not in target
    ]

    assert inside
    assert [target for target in inside if not (ROOT / target).exists()] == []


def test_the_stage_map_of_the_readme_is_the_manifest():
    _, table, _ = stage_map.parts()

    assert table == stage_map.table(), "run `make readme`"
    assert table.count("\n") == 2 + len(catalog().milestones)


@pytest.mark.parametrize("name", ["README.md", "pyproject.toml"])
def test_the_number_of_milestones_and_switches_that_is_named_is_so(name):
    """Of what is built; the CRM's own pages count by themselves."""
    text = " ".join((ROOT / name).read_text(encoding="utf-8").split())
    built = [milestone for milestone in catalog() if not milestone.planned]
    milestones, switches = len(built), sum(milestone.switchable for milestone in built)

    assert re.findall(r"(\d+) milestones\b[^|]*?(\d+) of them (?:can be )?switched", text) == [
        (str(milestones), str(switches))
    ], f"{name} names other numbers than {milestones} milestones, {switches} of them with a switch"


def test_the_example_of_the_environment_names_what_the_settings_read():
    readers = (
        r"\b(?:text|required|flag|words|rate|seconds|networks|directory|origins|number)\(\s*\"([A-Z_]+)\""
    )
    settings = (ROOT / "mini_crm" / "settings").glob("*.py")
    read = {name for path in settings for name in re.findall(readers, path.read_text(encoding="utf-8"))}
    example = (ROOT / ".env.example").read_text(encoding="utf-8")

    assert set(re.findall(r"^#?([A-Z_]+)=", example, flags=re.MULTILINE)) == read
