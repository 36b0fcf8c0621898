"""The pytest plugin: which profile a run gets, which flags a file gets, and what it refuses."""

import socket
import sys
import warnings
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from stages.catalog import Stage, UnknownMilestoneError, catalog
from stages.checking.files import beyond, milestone_of
from stages.checking.profiles import asked_paths, profile_for
from tests.processes import ROOT, python, run

TESTS = Path("/repo/tests")


# Says which profile was picked and goes no further: nothing has to be collected for that.
SHOW = """
import os
import pytest

@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config):
    config._do_configure()
    from django.conf import settings
    print("profile:", os.environ["DJANGO_SETTINGS_MODULE"], settings.CRM_STAGE)
    return 0
"""


LEARNERS_TEST = """
import pytest
from stages.catalog import catalog
from stages.features import is_active

pytestmark = pytest.mark.django_db


def on():
    return {milestone.slug for milestone in catalog() if milestone.switchable and is_active(milestone.slug)}


@pytest.mark.required
@pytest.mark.contrast
def test_what_is_on():
    print("switched on:", " ".join(sorted(on())))
"""


# --- The profile, told from the paths ---------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "paths, stage",
    [
        (["junior"], "junior"),
        (["middle"], "middle"),
        (["advanced"], "advanced"),
        (["junior/test_03_client_validation.py"], "junior"),
        (["junior/test_02_client_crud.py", "junior/test_03_client_validation.py"], "junior"),
        (["junior", "middle"], "advanced"),
        (["junior/test_02_client_crud.py", "stages"], "advanced"),
        (["stages"], "advanced"),
        (["services"], "advanced"),
        (["browser"], "advanced"),
        ([".", "junior"], "advanced"),
        (["."], "advanced"),
        ([".."], "advanced"),
        (["juniors"], "advanced"),
        ([], "advanced"),
    ],
)
def test_the_profile_follows_the_paths(paths, stage):
    asked = [Path(f"{TESTS}/{path}".replace("/.", "")) if path == "." else (TESTS / path) for path in paths]

    assert profile_for(asked, TESTS) == f"mini_crm.settings.{stage}"


def test_paths_are_taken_from_where_pytest_was_called(tmp_path):
    (tmp_path / "test_a.py").touch()

    assert asked_paths(["test_a.py::test_x[a::b]", "../other"], tmp_path) == [
        tmp_path / "test_a.py",
        tmp_path.parent / "other",
    ]


@pytest.fixture(scope="module")
def show(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("show")
    (folder / "show_profile.py").write_text(SHOW)
    return folder


def picked(show: Path, *arguments: str, cwd: Path = ROOT, **environment: str) -> str:
    done = python(
        "-m", "pytest", "-p", "show_profile", *arguments, cwd=cwd, PYTHONPATH=str(show), **environment
    )
    assert "profile:" in done.stdout, done.stdout + done.stderr
    return done.stdout.split("profile: mini_crm.settings.")[1].split()[0]


def test_the_option_wins_over_the_paths(show):
    assert picked(show, "tests/junior", "--ds=mini_crm.settings.middle") == "middle"


def test_the_environment_wins_over_the_paths(show):
    assert picked(show, "tests/junior", DJANGO_SETTINGS_MODULE="mini_crm.settings.middle") == "middle"


def test_everything_gets_the_advanced_profile(show):
    assert picked(show) == "advanced"


def test_one_test_by_the_plain_command_from_inside_its_folder():
    """`pytest`, not `python -m pytest`: the folder that it is called from is not on the path then."""
    command = Path(sys.executable).with_name("pytest")
    done = run(str(command), "test_00_start.py::test_health_answers_ok", cwd=ROOT / "tests" / "junior")

    assert done.returncode == 0, done.stdout + done.stderr
    assert "curriculum: mini_crm.settings.junior, --milestones own" in done.stdout
    assert "1 passed" in done.stdout


def test_the_processes_of_xdist_share_the_profile():
    done = python("-m", "pytest", "-n", "1", "tests/junior/test_00_start.py", "-k", "answers")

    assert done.returncode == 0, done.stdout + done.stderr
    assert "curriculum: mini_crm.settings.junior, --milestones own" in done.stdout
    assert "3 passed" in done.stdout


# --- The file and its milestone ---------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "name, slug",
    [
        ("test_03_client_validation.py", "client-validation"),
        ("test_19_live_orders.py", "live-orders"),
        ("test_00_anything.py", "start"),
    ],
)
def test_the_number_in_its_name_ties_a_file_to_its_milestone(name, slug):
    assert milestone_of(Path("/anywhere") / name).slug == slug


@pytest.mark.parametrize(
    "name", ["test_plugin.py", "test_3_short.py", "test_003_long.py", "03_test.py", "test_03.py"]
)
def test_a_file_without_such_a_number_belongs_to_no_milestone(name):
    assert milestone_of(Path(name)) is None


def test_a_number_that_is_no_milestones_is_an_error():
    with pytest.raises(UnknownMilestoneError):
        milestone_of(Path("test_77_nothing.py"))


def test_files_of_later_stages_are_found_beneath_what_was_asked(tmp_path):
    for number in (2, 8, 15):
        file = tmp_path / catalog().get(number).test_file
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
    tests = tmp_path / "tests"

    def numbers(ceiling: Stage, *paths: Path) -> list[int]:
        return [milestone.number for milestone in beyond(ceiling, paths, tmp_path)]

    assert numbers(Stage.JUNIOR, tests) == [8, 15]
    assert numbers(Stage.MIDDLE, tests) == [15]
    assert numbers(Stage.ADVANCED, tests) == []
    assert numbers(Stage.JUNIOR, tests / "junior") == []
    assert numbers(Stage.JUNIOR, tests / "middle", tests / "junior") == [8]
    assert numbers(Stage.JUNIOR, tests / "middle" / "test_08_orders.py") == [8]


# --- A learner's own files, in a process of their own -----------------------------------------------------------------
@pytest.fixture
def learners_files(tmp_path) -> Path:
    for name in ("test_01_mine.py", "test_04_mine.py", "test_mine.py"):
        (tmp_path / name).write_text(LEARNERS_TEST)
    return tmp_path


def of_learner(files: Path, *arguments: str):
    return python(
        "-m", "pytest", "-p", "conftest", "-c", str(ROOT / "pyproject.toml"), "--rootdir", str(ROOT),
        "--ds=mini_crm.settings.junior", "--no-migrations", "-p", "no:randomly", "-s", str(files), *arguments,
    )  # fmt: skip


def test_every_file_runs_with_its_own_flags(learners_files):
    done = of_learner(learners_files)

    assert done.returncode == 0, done.stdout + done.stderr
    on = [
        line.partition("switched on:")[2].split()
        for line in done.stdout.splitlines()
        if "switched on:" in line
    ]
    everything = sorted(
        milestone.slug for milestone in catalog().of_stage(Stage.JUNIOR) if milestone.switchable
    )
    assert on == [[], ["client-crud", "search-pagination"], everything]


def test_off_leaves_out_what_cannot_be_switched_off_and_says_so(learners_files):
    done = of_learner(learners_files, "--milestones", "off")

    assert done.returncode == 0, done.stdout + done.stderr
    assert "left out: 1 checks of milestone 1 (client-model), which is never switched off" in done.stdout
    assert "2 passed, 1 deselected" in done.stdout


def test_an_unknown_mode_is_a_usage_error():
    done = python("-m", "pytest", "--milestones", "some", "tests/junior")

    assert done.returncode == 4
    assert "own" in done.stderr


def test_an_unknown_number_is_a_usage_error(tmp_path):
    (tmp_path / "test_77_mine.py").write_text(LEARNERS_TEST)
    done = of_learner(tmp_path)

    assert done.returncode == 4
    assert "test_77_mine.py" in done.stderr
    assert "There is no milestone '77'" in done.stderr


def test_checks_of_a_later_stage_than_the_profiles_are_a_usage_error():
    done = python("-m", "pytest", "tests/middle", "--ds=mini_crm.settings.junior")

    assert done.returncode == 4
    assert "mini_crm.settings.junior reaches the junior stage only" in done.stderr
    assert "8 orders" in done.stderr
    assert "Leave --ds and DJANGO_SETTINGS_MODULE out" in done.stderr


def test_a_misspelt_marker_is_an_error(tmp_path):
    (tmp_path / "test_mine.py").write_text("import pytest\n@pytest.mark.requierd\ndef test_x(): pass\n")
    done = of_learner(tmp_path)

    assert done.returncode == 2
    assert "'requierd' not found in `markers`" in done.stdout


def test_a_wrong_environment_variable_is_a_usage_error():
    done = python("-m", "pytest", "tests/junior", DEBUG="maybe")

    assert done.returncode == 4
    assert "DEBUG='maybe' cannot be used" in done.stderr
    assert "INTERNALERROR" not in done.stdout + done.stderr


# --- The surroundings of every test -----------------------------------------------------------------------------------
def test_the_network_is_closed_but_for_loopback():
    with socket.socket() as outside, pytest.raises(RuntimeError, match="Network is disabled"):
        outside.connect(("192.0.2.1", 80))
    with socket.socket() as loopback, pytest.raises(ConnectionRefusedError):
        loopback.connect(("127.0.0.1", 1))


def test_a_warning_is_an_error():
    with pytest.raises(DeprecationWarning, match="old"):
        warnings.warn("old", DeprecationWarning, stacklevel=1)


def test_uploads_go_to_a_folder_of_the_test(tmp_path):
    default_storage.save("note.txt", ContentFile(b"x"))

    assert (tmp_path / "media" / "note.txt").read_bytes() == b"x"
