"""Practice as a learner types it: `python manage.py stages start 4` and what goes with it, in a copy of the project."""

import os
import re
import signal
import subprocess
import sys
import time

import pytest

from stages.catalog import catalog
from tests.processes import python
from tests.stages.practice_tree import contents, stages, write_into

QUERYSETS = "clients/querysets.py"
DATABASE = {"DATABASE_URL": "sqlite:///practice.sqlite3"}


def test_start_says_what_to_do_and_where(typed):
    text = typed("start", "4")

    for task in catalog().get("4").tasks:
        assert task in text
    assert "clients/querysets.py:27  ClientQuerySet.search" in text
    assert "clients/templates/clients/_pagination.html:1  the template" in text
    assert "python manage.py stages check 4 --watch" in text
    assert "python manage.py stages hint 4" in text
    assert "python manage.py stages restore 4" in text
    assert "Next could be 0 start: python manage.py stages start 0" in text


def test_the_lines_that_start_names_are_those_of_the_stubs(tree, typed):
    text = typed("start", "9", "12")
    places = re.findall(r"^  (clients/\S+\.py):(\d+)  (?:\w+\.)?(\w+)$", text, re.MULTILINE)

    assert len(places) == 5
    for path, line, name in places:
        assert f"def {name}(" in (tree / path).read_text().splitlines()[int(line) - 1]


def test_start_turns_the_milestone_on(tree):
    python("manage.py", "migrate", "-v0", cwd=tree, **DATABASE)
    stages(tree, "off", "search-pagination", **DATABASE)

    assert "Switched on for everyone: search-pagination" in stages(tree, "start", "4", **DATABASE).stdout
    assert re.search(r"search-pagination .* on ", stages(tree, "list", **DATABASE).stdout)


def test_where_it_cannot_be_turned_on_start_says_why(tree):
    said = "It could not be turned on: CommandError: The flags cannot be read"
    assert said in stages(tree, "start", "4", **DATABASE).stdout


def test_a_whole_stage_is_taken_out_and_what_is_out_already_is_left(typed):
    typed("start", "4")
    text = typed("start", "junior")

    assert "Milestone 2 client-crud is yours to write." in text
    assert "Milestone 4" not in text
    assert "All of the junior stage is taken out already." in typed("start", "junior", status=2)


def test_hints_come_one_at_a_time_and_the_last_one_stays(typed):
    hints = catalog().get("4").hints
    shown = [typed("hint", "4") for _ in range(5)]

    for text, hint in zip(shown, (*hints, hints[-1]), strict=True):
        assert hint in text
        assert sum(other in text for other in hints) == 1
    assert hints[0] in typed("hint", "4", "--again")


def test_solution_and_comparison(tree, typed):
    typed("start", "4")
    stub = (tree / QUERYSETS).read_text()
    body = stub[stub.index("        # Yours to write") : stub.index("    def active(")]
    write_into(tree / QUERYSETS, body, "        return self.filter(name__icontains=text)\n\n")

    plain, full, compared = (
        typed("solution", "4"),
        typed("solution", "4", "--full"),
        typed("compare", "4"),
    )
    assert "return self.filter(Q(name__icontains=text) | Q(email__icontains=text))" in plain
    assert "LONGEST_SEARCH" not in plain
    assert "LONGEST_SEARCH" in full
    assert "-     return self.filter(name__icontains=text)" in compared
    assert "+     return self.filter(Q(name__icontains=text) | Q(email__icontains=text))" in compared


def test_progress_is_a_table(typed):
    typed("start", "4")
    typed("hint", "4")
    lines = typed("progress").splitlines()

    assert lines[0].split() == ["No.", "Milestone", "State", "Attempts", "Hints"]
    row = next(line for line in lines if line.startswith("4 "))
    assert row.split("  ")[-1].strip() == "1 of 4"
    assert "yours, not checked yet" in row


@pytest.mark.parametrize("command", ["start", "hint", "solution", "compare", "restore", "progress"])
def test_each_command_has_help(tree, command):
    ended = stages(tree, command, "--help")

    assert ended.returncode == 0
    assert "usage: manage.py stages" in ended.stdout


# --- While the project cannot start -----------------------------------------------------------------------------------
def test_a_syntax_error_in_every_core_file_stops_neither_check_nor_restore(tree, typed):
    before = contents(tree)
    typed("start", "junior", "middle", "advanced")
    for path in {path for path in contents(tree) if path.startswith("clients/") and path.endswith(".py")}:
        if b"NotWrittenYet" in (tree / path).read_bytes():
            (tree / path).write_text((tree / path).read_text() + "def (\n")
    (tree / "tests").mkdir()

    checked = stages(tree, "check", "4")
    assert checked.returncode == 1
    assert re.search(r"clients/\S+\.py:\d+: invalid syntax: def \(", checked.stdout)
    assert "Milestone 4 search-pagination is as it was." in typed("restore")
    (tree / "tests").rmdir()
    left = {path: data for path, data in contents(tree).items() if not path.endswith("sqlite3")}
    assert left == before


def test_a_tree_that_cannot_be_written_to_is_said_in_one_line(tree):
    if os.geteuid() == 0:
        # Root may write everywhere: a file where the folder would be is as final.
        (tree / ".practice").write_text("")
    else:
        tree.chmod(0o500)
    ended = stages(tree, "start", "4")
    tree.chmod(0o700)

    assert ended.returncode == 4
    assert ended.stderr.startswith("The disk refused: ")
    assert len(ended.stderr.splitlines()) == 1


# --- Killed for real --------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("milliseconds", range(60, 400, 40))
def test_killed_at_any_time_everything_comes_back(tree, milliseconds):
    before = contents(tree)
    for command in (["start", "junior"], ["restore"]):
        process = subprocess.Popen(
            [sys.executable, "manage.py", "stages", *command],
            cwd=tree,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        time.sleep(milliseconds / 1000)
        process.send_signal(signal.SIGKILL)
        process.wait()
    stages(tree, "restore")

    left = {path: data for path, data in contents(tree).items() if not path.endswith("sqlite3")}
    assert left == before


def test_two_at_once_take_turns(tree, typed):
    def start(number: str) -> subprocess.Popen:
        return subprocess.Popen(
            [sys.executable, "manage.py", "stages", "start", number], cwd=tree, stdout=subprocess.DEVNULL
        )

    running = [start(number) for number in ("4", "9", "12")]
    assert [process.wait() for process in running] == [0, 0, 0]
    assert typed("restore").count("is as it was.") == 3
