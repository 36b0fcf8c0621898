"""Where a project is, and what its files say of it."""

import os
import signal
import subprocess
import sys
from decimal import Decimal
from types import SimpleNamespace

import pytest

from grading.checks import deliverables, middle
from grading.checks.middle import has_amount
from grading.commands import bounded, environment
from grading.grade import apart
from grading.project import Project
from grading.verdicts import CannotStartError, Fails, NotJudged
from grading.visitor import NoFormError

MANAGE = 'import os\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm.settings.dev")\n'


def test_a_project_is_found_at_the_top_and_one_folder_below(tmp_path):
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "manage.py").write_text(MANAGE)
    (tmp_path / "requirements.txt").write_text("django\n")
    found = Project.found_in(tmp_path)
    assert (found.root, found.settings) == (tmp_path / "src", "crm.settings.dev")
    assert found.requirements == (tmp_path / "requirements.txt",)


def test_what_is_missing_is_told_apart(tmp_path):
    with pytest.raises(CannotStartError, match=r"There is no manage\.py"):
        Project.found_in(tmp_path)
    (tmp_path / "manage.py").write_text("print()\n")
    with pytest.raises(CannotStartError, match="names no settings module"):
        Project.found_in(tmp_path)
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "manage.py").write_text(MANAGE)
    (tmp_path / "manage.py").unlink()
    with pytest.raises(CannotStartError, match="more than one"):
        Project.found_in(tmp_path)


@pytest.mark.parametrize(
    "text", ["2000.00", "2,000.00 €", "2.000,00", "2 000", "2\u202f000,00", "total 2000 in 3"]
)
def test_an_amount_is_found_however_it_is_written(text):
    assert has_amount(text, Decimal("2000.00"))


@pytest.mark.parametrize("text", ["12000.00", "200.00", "2000.01", "20000"])
def test_another_amount_is_not_taken_for_it(text):
    assert not has_amount(text, Decimal("2000.00"))


def test_none_of_our_secrets_reach_it(tmp_path, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://somebody:secret@127.0.0.1/real")
    assert "DATABASE_URL" not in environment(tmp_path, tmp_path / "python")


def test_a_form_without_inline_orders_is_a_failure_and_no_riddle(monkeypatch):
    class Boss:
        def form(self, path, *fields):
            raise NoFormError(path, 200, fields)

    class Served:
        def visitor(self, name):
            return Boss()

    made = {"added": lambda served: None, "with_orders": lambda *_: [1], "ids_of": lambda *_: [1]}
    for name, answer in made.items():
        monkeypatch.setattr(middle, name, answer)
    with pytest.raises(Fails, match="has no form with name, email, amount, title"):
        middle.orders_are_edited_inline(Served())


@pytest.mark.parametrize(
    "said, reason",
    [((None, ""), "took more than"), ((1, "No module named pytest"), "not among its requirements")],
)
def test_a_suite_that_cannot_be_run_is_not_judged(said, reason):
    served = SimpleNamespace(place=SimpleNamespace(run=lambda *arguments, seconds: said))
    with pytest.raises(NotJudged, match=reason):
        deliverables.its_own_tests_are_green(served)


@pytest.mark.parametrize(
    "middle_status, tests, wanted",
    [("pass", 4, ["5"]), ("fail", 4, []), ("unjudged", 4, []), ("pass", None, [])],
)
def test_the_number_of_tests_is_due_once_the_stage_is_done(middle_status, tests, wanted):
    found = [{"milestone": 8, "status": "pass"}, {"milestone": 9, "status": middle_status}]
    if middle_status == "unjudged":
        found = found[1:]
    checks = deliverables.deliverables(found, tests)
    assert [check.says for check in checks] == [f"Middle: ≥ {number} automated tests" for number in wanted]
    for check in checks:
        with pytest.raises(Fails, match="at least 5 tests"):
            check.run(None)


def test_memory_and_the_size_of_a_file_are_bounded(tmp_path):
    for code, said in (
        ("open('big', 'wb').truncate(2**29)", "File too large"),
        ("bytearray(5 * 2**30)", "MemoryError"),
    ):
        command = bounded([sys.executable, "-c", code])
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert said in done.stderr or done.returncode == -signal.SIGXFSZ


def test_the_number_of_processes_is_bounded_where_it_is_shut_off():
    """The bound does not hold for root, so root lends the command to somebody else."""
    code = "import os, time\nfor _ in range(1200):\n    os.fork() or (time.sleep(20), os._exit(0))"
    lent = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] if os.geteuid() == 0 else []
    if shut_off := apart():
        command = [*lent, *shut_off, "/usr/bin/env", "python3", "-c", code]
        done = subprocess.run(command, cwd="/", capture_output=True, text=True, check=False)
        assert "BlockingIOError" in done.stderr
