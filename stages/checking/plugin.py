"""The pytest plugin of the curriculum.

It picks the settings profile from the paths asked for, and lets every test file run with the milestone whose number
its name carries (`test_NN_…`) and what that requires switched on, and nothing else. `--milestones` picks another mode.
Its parts stand in files of their own: recording.py writes the results down, mistake_plugin.py makes known mistakes,
explaining.py puts into plain words what a check found, endless.py ends one that never would,
stubs_met.py turns red what has met code that was taken out,
own_tests.py judges the tests that a learner writes.
"""

import os
from collections import Counter
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from stages.catalog import Milestone, Stage, UnknownMilestoneError
from stages.checking import endless, explaining, first_look, mistake_plugin, own_tests, recording, stubs_met
from stages.checking.files import beyond, milestone_of
from stages.checking.first_look import UnsoundProjectError
from stages.checking.flags import MODES, Milestones
from stages.checking.profiles import asked_paths, profile_for
from stages.checking.results import Report

SETTINGS_MODULE = "DJANGO_SETTINGS_MODULE"
MARKERS = (
    "required: a check that the curriculum itself asks for; by these a milestone holds.",
    "switch: a check of what holds while the milestone is off.",
    "beyond(kind): a check of what the CRM adds: scale, races, hostile, outages or comfort.",
    "contrast: must fail, by an assertion, while the file's own milestone is off.",
)
DATABASE_FIXTURES = {
    "db",
    "transactional_db",
    "django_db_reset_sequences",
    "django_db_serialized_rollback",
    "live_server",
}
LEFT_OUT = pytest.StashKey[Counter[Milestone]]()


def pytest_addoption(parser: pytest.Parser, pluginmanager: pytest.PytestPluginManager) -> None:
    for part in (mistake_plugin, recording, explaining, endless, own_tests, stubs_met):
        pluginmanager.register(part, part.__name__)
    parser.getgroup("curriculum").addoption(
        "--milestones",
        choices=MODES,
        default="own",
        help="what a test file runs with: own = its milestone and what that requires (default); all = everything; "
        "off = its milestone off, what it requires on (its contrast tests must fail)",
    )
    parser.getgroup("curriculum").addoption(
        "--first-look",
        action="store_true",
        help="before any test: parse every template and run `manage.py check`; stop at the first thing that is wrong",
    )


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Registers the markers and picks the profile; --ds and the environment have been heeded before and win."""
    for marker in MARKERS:
        config.addinivalue_line("markers", marker)
    asked = asked_paths(config.args, config.invocation_params.dir)
    os.environ.setdefault(SETTINGS_MODULE, profile_for(asked, config.rootpath / "tests"))
    _start_django(config)
    _refuse_files_beyond_the_profile(asked, config.rootpath)


def _start_django(config: pytest.Config) -> None:
    """What is wrong with the project or its environment is a usage error in one line, no internal error of pytest."""
    try:
        first_look.start_django()
        if config.getoption("first_look") and not hasattr(config, "workerinput"):
            first_look.look()
    except ImproperlyConfigured as error:
        raise pytest.UsageError(str(error)) from error
    except UnsoundProjectError as error:
        if results := config.getoption("results"):
            Report((), {"stopped": str(error)}).write(results)
        raise pytest.UsageError(str(error)) from error


def _refuse_files_beyond_the_profile(asked: list[Path], root: Path) -> None:
    ceiling = Stage(settings.CRM_STAGE)
    too_far = beyond(ceiling, asked, root)
    if too_far:
        names = ", ".join(str(milestone) for milestone in too_far)
        raise pytest.UsageError(
            f"{os.environ[SETTINGS_MODULE]} reaches the {ceiling} stage only, but these paths hold checks of later "
            f"milestones: {names}. Leave --ds and DJANGO_SETTINGS_MODULE out, or ask for fewer files."
        )


def pytest_report_header(config: pytest.Config) -> str:
    return f"curriculum: {os.environ[SETTINGS_MODULE]}, --milestones {config.getoption('milestones')}"


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Refuses a number that is no milestone's; leaves out, in mode `off`, what cannot be switched off."""
    kept, left_out, counts = [], [], Counter[Milestone]()
    for item in items:
        milestone = _milestone_or_usage_error(item)
        if config.getoption("milestones") == "off" and milestone and not milestone.switchable:
            left_out.append(item)
            counts[milestone] += 1
        else:
            kept.append(item)
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        config.stash[LEFT_OUT] = counts
        items[:] = kept


def _milestone_or_usage_error(item: pytest.Item) -> Milestone | None:
    try:
        return milestone_of(item.path)
    except UnknownMilestoneError as error:
        raise pytest.UsageError(f"{item.path.name}: {error}") from error


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    for milestone, count in config.stash.get(LEFT_OUT, Counter()).items():
        terminalreporter.write_line(
            f"left out: {count} checks of milestone {milestone.number} ({milestone.slug}), which is never switched off"
        )


@pytest.fixture
def milestones(request: pytest.FixtureRequest, db: None) -> Milestones:
    """The flags of this test, set as its file and the mode want them; `.on()`, `.off()` and `.only()` change them."""
    switchboard = Milestones()
    switchboard.for_file(milestone_of(request.path), request.config.getoption("milestones"))
    return switchboard


@pytest.fixture(autouse=True)
def _flags_of_the_file(request: pytest.FixtureRequest) -> None:
    """Sets the flags before anything else of a test that may use the database."""
    if request.node.get_closest_marker("django_db") or DATABASE_FIXTURES & set(request.fixturenames):
        request.getfixturevalue("milestones")
