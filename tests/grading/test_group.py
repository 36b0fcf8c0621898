"""A list of projects: graded by several processes, none lost, none twice, whatever happens to one of them."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from grading.group import BadListError, Entry, Group, entries
from grading.overview import write_overview
from stages.catalog import ROOT, catalog
from stages.checking.results import Report, Result, Status

NUMBER = 20
# Grades slowly, and writes down whom: a process of its own, as a second terminal would be.
WORKER = """
import sys, time
from pathlib import Path
from grading.group import Group, entries
from stages.checking.results import Report
def slowly(path, python):
    time.sleep(0.1)
    with open(sys.argv[3], "a") as file:
        file.write(path.name + "\\n")
    return Report(())
Group(entries(Path(sys.argv[1])), Path(sys.argv[2]), grade=slowly).run(2, lambda line: None)
"""


@pytest.fixture
def listed(tmp_path) -> Path:
    file = tmp_path / "people.csv"
    file.write_text("name,path\n" + "".join(f"person {n},p{n}\n" for n in range(NUMBER)))
    return file


def started(listed: Path, folder: Path, log: Path) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-c", WORKER, str(listed), str(folder), str(log)]
    return subprocess.Popen(command, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)})


def test_two_processes_share_a_list_and_one_is_killed(listed, tmp_path):
    folder, log = tmp_path / "grades", tmp_path / "log"
    killed, other = (started(listed, folder, log) for _ in range(2))
    deadline = time.monotonic() + 60
    while len(list(folder.glob("*.json"))) < 4:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    killed.send_signal(signal.SIGKILL)
    killed.wait()
    assert other.wait(60) == 0
    assert started(listed, folder, log).wait(60) == 0  # what the dead one had begun

    assert {path.stem for path in folder.glob("*.json")} == {f"person {n}" for n in range(NUMBER)}
    graded = log.read_text().split()
    # Two at most were under way in the process that was killed, before their results were written.
    assert len(graded) - len(set(graded)) <= 2


def test_what_is_graded_is_not_graded_again(listed, tmp_path):
    asked: list[Path] = []
    group = Group(
        entries(listed), tmp_path / "grades", grade=lambda path, python: asked.append(path) or Report(())
    )
    for _ in range(2):
        group.run(2, lambda line: None)
    assert len(asked) == NUMBER


@pytest.mark.parametrize("line", ["a,b,c", "../evil,x", ".hidden,x", "person 1,x\nPerson 1,y", "alone"])
def test_a_bad_list_says_which_line(tmp_path, line):
    file = tmp_path / "people.csv"
    file.write_text(line)
    with pytest.raises(BadListError, match=r"people\.csv, line \d"):
        entries(file)


def test_the_overview_has_a_row_a_person_and_escapes_what_a_project_says(tmp_path):
    results = [
        Result("own", one.slug, "", Status.FAIL, required=True, got="<b>evil</b>") for one in catalog()
    ]
    table, page = write_overview([(Entry("Ada", tmp_path), Report(tuple(results)))], tmp_path)
    assert table.read_text().splitlines()[1].startswith("Ada,FAILS,")
    assert "<b>evil" not in page.read_text()
    assert "&lt;b&gt;evil" in page.read_text()
