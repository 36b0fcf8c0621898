"""Milestone 7 is practised by writing tests: the known mistakes of other milestones judge them."""

import shutil

import pytest

from stages.catalog import ROOT
from stages.practice.own_tests import Judged
from tests.stages.practice_tree import stages

GOOD = """
from clients.models import Client

def test_an_address_is_stored_in_lower_case(db):
    one = Client.objects.create(name="A", email="USER@MAIL.COM")
    one.refresh_from_db()
    assert one.email == "user@mail.com"

def test_adding_leads_to_the_list_and_says_so(admin_client):
    answer = admin_client.post("/clients/add/", {"name": "Ann", "email": "ann@mail.com", "phone": ""}, follow=True)
    assert answer.redirect_chain == [("/clients/", 302)]
    assert "Ann was added" in answer.text
    assert Client.objects.get().name == "Ann"
"""


@pytest.fixture
def with_tests(tree):
    """The copy with what running checks needs."""
    shutil.copytree(ROOT / "tests", tree / "tests", ignore=shutil.ignore_patterns("__pycache__", "mine"))
    shutil.copy2(ROOT / "conftest.py", tree / "conftest.py")
    return tree


def said(root, *arguments: str, status: int = 0) -> str:
    ended = stages(root, *arguments)
    assert ended.returncode == status, f"{ended.stdout}{ended.stderr}"
    return ended.stdout


def test_from_the_first_test_to_the_mistakes_that_it_catches(with_tests):
    mine = with_tests / "tests/mine/test_mine.py"
    assert "Write your tests in tests/mine/test_mine.py" in said(with_tests, "start", "7")
    assert "The tests cannot be run" in said(with_tests, "check", "7", status=1)

    mine.write_text(GOOD)
    text = said(with_tests, "check", "7")
    assert text.startswith("pass     Your tests: 2 green; at least 2 are asked for.\nThey catch ")
    caught = int(text.partition("They catch ")[2].partition(" of ")[0])
    assert caught >= 2
    assert "  - " in text
    assert f"they catch {caught} of" in said(with_tests, "progress")

    mine.write_text(GOOD + "\ndef test_wrong(db):\n    assert Client.objects.count() == 1\n")
    text = said(with_tests, "check", "7", status=1)
    assert "FAIL     tests/mine/test_mine.py::test_wrong: " in text
    assert "Your tests have to be green on the CRM as it is." in text

    assert "What you wrote is kept in .practice/attempts/07-test-suite/1." in said(with_tests, "restore")
    assert "test_wrong" in (with_tests / ".practice/attempts/07-test-suite/1/test_mine.py").read_text()
    assert not mine.parent.exists()


def test_the_verdict_over_ones_own_tests():
    good = Judged(green=["a", "b"], caught=["x:1", "x:1"], missed={"x:1": "One.", "x:2": "Two."})

    assert (good.holds, good.count) == (True, "1 of 2")
    assert list(good.lines()) == [
        "pass     Your tests: 2 green; at least 2 are asked for.",
        "They catch 1 of 2 known mistakes.",
        "Not yet:",
        "  - Two.",
    ]
    assert next(iter(Judged(green=["a"]).lines())).startswith("FAIL")
    assert next(iter(Judged(red={"a": "why"}).lines())) == "FAIL     a: why"


def test_beginning_twice_changes_nothing_of_what_was_written(tree, typed):
    typed("start", "7")
    mine = tree / "tests/mine/test_mine.py"
    mine.write_text("mine")
    assert "Milestone 7 test-suite is taken out already." in typed("start", "7", status=2)
    typed("restore", "7")
    typed("start", "7")

    assert "def test" not in mine.read_text()
    assert (tree / ".practice/attempts/07-test-suite/1/test_mine.py").read_text() == "mine"


def test_nobody_can_be_shown_a_solution_of_tests(typed):
    assert "practised by writing tests" in typed("solution", "7", status=2)


def test_who_stops_reading_is_told_nothing_of_a_disk(tree):
    import subprocess
    import sys

    line = f"{sys.executable} manage.py stages progress | head -1"
    ended = subprocess.run(["bash", "-c", line], cwd=tree, capture_output=True, text=True, check=False)

    assert ended.stdout.startswith("No.")
    assert ended.stderr == ""
