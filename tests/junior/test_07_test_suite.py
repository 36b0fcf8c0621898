"""Milestone 7: the course's two tests, the promise that `pytest` is green, and what holds for the checks of stage 1."""

import re
from pathlib import Path

import pytest
from model_bakery import baker

from clients.models import Client
from stages.catalog import Stage, catalog
from tests.fixtures import assert_saved
from tests.processes import ROOT, python
from tests.sentences import listed, people
from tests.suite import checks_of

PAGE = ROOT / "docs" / "milestones" / "07-test-suite.md"


def examples() -> list[str]:
    """The Python blocks of the milestone's page."""
    return re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)


# --- The course's own words -------------------------------------------------------------------------------------------
@pytest.mark.required
def test_an_address_in_capitals_is_stored_lower_case(milestones):
    client = baker.make(Client, email="USER@MAIL.COM")
    client.refresh_from_db()

    assert client.email == "user@mail.com", (
        f"USER@MAIL.COM was stored as {client.email}; user@mail.com was expected."
    )


@pytest.mark.required
def test_posting_to_the_add_page_creates_the_record_and_redirects(learner_client, milestones):
    milestones.on("client-crud")
    response = learner_client.post("/clients/add/", {"name": "Ann", "email": "ann@mail.com", "phone": ""})

    assert_saved(response)
    stored = Client.objects.all()
    assert [(one.name, one.email) for one in stored] == [("Ann", "ann@mail.com")], (
        f"Adding Ann (ann@mail.com) stored {people(stored)}; her alone was expected."
    )


def run_as_learner(test_file: Path):
    """`pytest` over one file of the learner's own, under the junior profile, with this project's fixtures.

    On SQLite whatever this run itself uses: two of them at once would fight for one test database on a server.
    """
    return python(
        "-m", "pytest", "-p", "conftest", "-c", str(ROOT / "pyproject.toml"), "--rootdir", str(ROOT),
        "--ds=mini_crm.settings.junior", "--no-migrations", str(test_file), DATABASE_URL="sqlite:///learner.sqlite3",
    )  # fmt: skip


@pytest.mark.required
def test_pytest_is_green_for_the_two_tests_of_the_page(tmp_path):
    """The example is taken from the milestone's page, so that what is taught there is what works."""
    example = next(block for block in examples() if "def test_" in block)
    mine = tmp_path / "test_mine.py"
    mine.write_text(example, encoding="utf-8")
    done = run_as_learner(mine)

    last = (done.stdout + done.stderr).strip().rpartition("\n")[2].strip("= ")
    passed = f"{example.count('def test_')} passed"
    assert done.returncode == 0, (
        f"pytest over the example of {PAGE.name} ends with “{last}”; {passed} was expected."
    )
    assert passed in done.stdout, f"pytest over the example ends with “{last}”; {passed} was expected."


@pytest.mark.beyond("comfort")
def test_pytest_is_red_when_the_code_does_not_do_what_a_test_says(tmp_path):
    example = next(block for block in examples() if '"user@mail.com"' in block)
    mine = tmp_path / "test_mine.py"
    mine.write_text(example.replace('== "user@mail.com"', '== "USER@MAIL.COM"'), encoding="utf-8")
    done = run_as_learner(mine)

    assert done.returncode == 1
    assert "1 failed, 1 passed" in done.stdout


# --- The suite of stage 1 ---------------------------------------------------------------------------------------------
@pytest.mark.required
def test_stage_one_has_far_more_than_the_two_tests_the_course_asks_for():
    milestones = catalog().of_stage(Stage.JUNIOR)

    missing = [milestone.test_file for milestone in milestones if not (ROOT / milestone.test_file).exists()]
    assert not missing, (
        f"There is no {listed(missing)}; each milestone of stage 1 was expected to have its file."
    )
    found = sum(len(checks_of(milestone)) for milestone in milestones)
    assert found >= 100, f"Stage 1 has {found} checks; 100 at least were expected."


@pytest.mark.beyond("comfort")
@pytest.mark.parametrize("milestone", catalog().of_stage(Stage.JUNIOR), ids=str)
def test_every_milestone_of_stage_one_has_required_checks(milestone):
    assert [check.name for check in checks_of(milestone) if "required" in check.markers]


@pytest.mark.beyond("comfort")
def test_a_test_may_not_touch_the_database_unless_it_asks_for_it():
    with pytest.raises(RuntimeError, match="Database access not allowed"):
        Client.objects.count()


@pytest.mark.beyond("comfort")
def test_each_test_finds_an_empty_database_first(milestones):
    assert not Client.objects.exists()
    baker.make(Client)


@pytest.mark.beyond("comfort")
def test_each_test_finds_an_empty_database_again(milestones):
    assert not Client.objects.exists()
    baker.make(Client)
