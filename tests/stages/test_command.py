"""`python manage.py stages`: list, set, on, off and check, from the outside."""

import re
import subprocess
import sys
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError
from waffle.models import Flag

from stages.catalog import ROOT, catalog
from stages.management.commands.stages import subcommands
from tests.stages.conftest import entry

pytestmark = pytest.mark.django_db


class Terminal(StringIO):
    def isatty(self):
        return True


def stages(*arguments, out=None):
    out = out or StringIO()
    call_command("stages", *map(str, arguments), stdout=out)
    return out.getvalue()


def refused(*arguments):
    """The message and exit status of a command that is not carried out."""
    with pytest.raises(CommandError) as error:
        stages(*arguments)
    return error.value.returncode, str(error.value)


def is_on(slug):
    return Flag.objects.get(name=slug).everyone


def test_each_subcommand_is_a_module_of_that_name():
    assert {"check", "list", "off", "on", "set"} <= set(subcommands())


# --- list -----------------------------------------------------------------------------------------------------------
def test_list_shows_every_milestone_with_its_state(milestones):
    milestones.off("client-crud")
    lines = stages("list").splitlines()
    assert lines[0] == "Profile advanced"
    assert lines[1].split() == ["No.", "Stage", "Milestone", "Title", "State", "Requires"]
    assert [int(line.split()[0]) for line in lines[2:]] == [milestone.number for milestone in catalog()]
    columns = [re.split(r" {2,}", line) for line in lines[2:]]
    assert columns[2] == ["2", "junior", "client-crud", "Client CRUD (FBV)", "off", "client-model"]
    assert columns[6] == ["6", "junior", "avatars", "Avatar", "waiting for Client CRUD (FBV)", "client-crud"]
    assert columns[7] == ["7", "junior", "test-suite", "Tests (pytest-django)", "always on"]
    assert all(line == line.rstrip() for line in lines)


def test_list_says_when_everything_is_locked(settings):
    settings.CRM_LOCKED = True
    assert stages("list").splitlines()[0] == "Profile advanced, locked: nothing can be switched"


def test_list_draws_a_table_on_a_terminal(monkeypatch, milestones):
    monkeypatch.setenv("COLUMNS", "160")
    drawn = stages("list", out=Terminal())
    assert "Profile advanced" in drawn
    assert "│" in drawn
    assert all(milestone.slug in drawn for milestone in catalog())


@pytest.mark.parametrize("arguments", [("on", "orders"), ("off", "orders"), ("set", "junior")])
def test_a_switch_names_its_profile_and_that_a_running_server_may_have_another(arguments, milestones):
    assert stages(*arguments).splitlines()[-1] == (
        "This command ran under the advanced profile (mini_crm.settings.advanced). "
        "A running server shows no more than the stage it was started with (STAGE= of make)."
    )


def test_without_django_the_command_says_which_python_lacks_it_and_where_it_is():
    ended = subprocess.run(
        [sys.executable, "-S", "manage.py", "check"], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert ended.returncode == 1
    assert ended.stderr.startswith(f"Django is not installed for this Python ({sys.executable}).")
    assert "source .venv/bin/activate" in ended.stderr
    assert "Traceback" not in ended.stderr


# --- on, off, set ---------------------------------------------------------------------------------------------------
def test_on_turns_on_what_it_requires_and_says_so(milestones):
    milestones.off("client-crud", "avatars")
    assert stages("on", "6").splitlines()[0] == "Turned on: Client CRUD (FBV), Avatar."
    assert is_on("client-crud")
    assert is_on("avatars")


def test_off_takes_numbers_and_slugs_together(milestones):
    assert stages("off", 3, "avatars").splitlines()[0] == "Turned off: Forms & validation, Avatar."
    assert not is_on("client-validation")
    assert not is_on("avatars")
    assert is_on("client-crud")


def test_set_turns_on_all_up_to_a_stage_and_off_the_rest(milestones):
    said = stages("set", "Junior")
    assert said.startswith("Turned off: Order model, ")
    assert [m.slug for m in catalog().switchable if is_on(m.slug)] == [
        m.slug for m in catalog().of_stage("junior") if m.switchable
    ]


def test_setting_it_again_changes_nothing(milestones):
    stages("set", "junior")
    assert stages("set", "junior").splitlines()[0] == "Nothing had to be changed."


@pytest.mark.parametrize("subcommand", ["on", "off", "check"])
def test_an_unknown_milestone_exits_2_and_names_near_ones(milestones, subcommand):
    status, message = refused(subcommand, "avatar")
    assert status == 2
    assert message == "There is no milestone 'avatar'. Did you mean avatars?"
    assert is_on("avatars")


@pytest.mark.parametrize("arguments", [("on", "avatars"), ("off", "avatars"), ("set", "junior")])
def test_where_everything_is_locked_it_says_so_and_exits_2(settings, milestones, arguments):
    settings.CRM_LOCKED = True
    status, message = refused(*arguments)
    assert status == 2
    assert "locked" in message


def test_what_has_no_switch_exits_2(milestones):
    assert refused("off", 7) == (2, "Tests (pytest-django) has no switch: everything else stands on it.")


def test_a_broken_manifest_exits_2_with_its_mistake(curriculum):
    with pytest.raises(Exception, match="unknown field colour"):
        curriculum(entry(1, "one", colour='"red"'))
    status, message = refused("list")
    assert (status, message) == (2, "milestone 1 (one): unknown field colour")


@pytest.mark.parametrize("arguments", [("set", "senior"), ("sit", "junior"), ("on",), ()])
def test_a_command_that_is_not_understood_is_refused(arguments):
    with pytest.raises(CommandError):
        stages(*arguments)


def test_a_database_without_flags_is_told_to_migrate(monkeypatch):
    def missing(*arguments, **keywords):
        raise OperationalError("no such table: waffle_flag")

    monkeypatch.setattr("stages.flags.RequestFlags.flag", missing)
    status, message = refused("list")
    assert status == 1
    assert "no such table" in message
    assert message.endswith("Run: python manage.py migrate")


def test_the_exit_status_of_the_command_line_is_2():
    run = subprocess.run(
        [sys.executable, "manage.py", "stages", "on", "ordrs"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 2
    assert "Did you mean orders" in run.stderr
    assert "Traceback" not in run.stderr
