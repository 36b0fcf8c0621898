"""A list of projects: graded by several processes, none lost, none twice, whatever happens to one of them."""

import os
import shutil
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import unquote

import pytest
from bs4 import BeautifulSoup

from grading import grade
from grading.group import BadListError, Entry, Group, entries, run_here
from grading.overview import write_overview
from grading.sources import fetched
from stages.catalog import ROOT, catalog
from stages.checking.results import Report, Result, Status

NUMBER = 20
PROJECT = {"project": "ada"}
# Grades slowly, and writes down whom: a process of its own, as a second terminal would be.
WORKER = """
import sys, time
from pathlib import Path
from grading.group import Group, entries, run_here
from stages.checking.results import Report
def slowly(source):
    time.sleep(0.1)
    with open(sys.argv[3], "a") as file:
        file.write(Path(source).name + "\\n")
    return Report(())
group = Group(entries(Path(sys.argv[1])), Path(sys.argv[2]))
group.begin(Path(sys.argv[1]))
list(run_here(group, slowly, 2))
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


def test_those_who_begin_together_agree(listed, tmp_path, monkeypatch):
    """The file is there before anything stands in it: what stops there for a moment holds up the others."""
    write = Path.write_text

    def slowly(path, text, **options):
        path.touch()
        time.sleep(0.2)
        return write(path, text, **options)

    monkeypatch.setattr(Path, "write_text", slowly)
    group = Group(entries(listed), tmp_path / "grades")

    def begin() -> str:
        group.begin(listed)
        return group.run

    with ThreadPoolExecutor(4) as pool:
        runs = [begun.result() for begun in [pool.submit(begin) for _ in range(4)]]
    assert len(set(runs)) == 1


def test_what_is_graded_is_not_graded_again(listed, tmp_path):
    asked: list[str] = []
    group = Group(entries(listed), tmp_path / "grades")
    group.begin(listed)
    for _ in range(2):
        list(run_here(group, lambda source: asked.append(source) or Report(()), 2))
    assert len(asked) == NUMBER


def test_one_that_makes_the_grader_stumble_does_not_stop_the_others(listed, tmp_path, monkeypatch):
    def stumbles(path, python):
        if path.name == "p3":
            raise RecursionError("a bug")
        return Report(())

    monkeypatch.setattr(grade, "graded", stumbles)
    group = Group(entries(listed), tmp_path / "grades")
    group.begin(listed)
    told = dict(run_here(group, grade.graded_source, 2))
    assert len(told) == NUMBER
    assert [said for entry, said in told.items() if entry.name == "person 3"] == [
        "The grader stumbled: RecursionError: a bug"
    ]


def test_two_lists_do_not_share_a_folder(listed, tmp_path):
    group = Group(entries(listed), tmp_path / "grades")
    group.begin(listed)
    group.begin(listed)
    with pytest.raises(BadListError, match="holds the results of"):
        group.begin(tmp_path / "others" / "people.csv")


@pytest.fixture
def repository(tmp_path) -> Path:
    folder = tmp_path / "ada.git"
    shutil.copytree(ROOT / "tests" / "grading" / "projects" / "broken", folder)
    author = ["-c", "user.name=Ada", "-c", "user.email=ada@example.com"]
    for command in (["init", "--quiet"], ["add", "."], [*author, "commit", "--quiet", "-m", "all"]):
        subprocess.run(["git", *command], cwd=folder, check=True)
    return folder


def test_a_repository_is_fetched_and_gone_afterwards(repository):
    with fetched(f"file://{repository}") as folder:
        assert (folder.name, (folder / "manage.py").is_file()) == ("ada", True)
    assert not folder.exists()


def test_a_repository_that_is_not_there_is_told_without_the_password_in_its_address():
    report = grade.graded_source("file://ada:secret@localhost/nowhere/at/all.git")
    assert report.stopped.startswith("It could not be fetched from file://localhost/nowhere/at/all.git: ")
    assert "secret" not in report.as_text()


@pytest.mark.parametrize("line", ["a,b,c", "../evil,x", ".hidden,x", "person 1,x\nPerson 1,y", "alone"])
def test_a_bad_list_says_which_line(tmp_path, line):
    file = tmp_path / "people.csv"
    file.write_text(line)
    with pytest.raises(BadListError, match=r"people\.csv, line \d"):
        entries(file)


@pytest.mark.parametrize(
    "content, says",
    [
        (b"", "names no project"),
        (b"name,path\n\n", "names no project"),
        ("Zoé,zoé\n".encode("latin-1"), "is not UTF-8"),
    ],
)
def test_a_list_that_says_nothing_says_why(tmp_path, content, says):
    file = tmp_path / "people.csv"
    file.write_bytes(content)
    with pytest.raises(BadListError, match=says):
        entries(file)


def test_the_overview_has_a_row_a_person_and_escapes_what_a_project_says(tmp_path):
    results = [
        Result("own", one.slug, "", Status.FAIL, required=True, got="<b>evil</b>") for one in catalog()
    ]
    table, page = write_overview([(Entry("Ada", "ada"), Report(tuple(results), PROJECT))], tmp_path)
    assert table.read_text().splitlines()[1].startswith("Ada,FAILS,")
    assert "<b>evil" not in page.read_text()
    assert "&lt;b&gt;evil" in page.read_text()


def test_each_cell_leads_to_its_part_of_a_report(tmp_path):
    results = [Result("own", one.slug, "", Status.PASS, required=True) for one in catalog()]
    _, page = write_overview([(Entry("Ada L", "ada"), Report(tuple(results), PROJECT))], tmp_path)
    cells = BeautifulSoup(page.read_text(), "html.parser").select("tbody td a")
    assert len(cells) == len(list(catalog()))
    for cell in cells:
        file, _, part = unquote(cell["href"]).partition("#")
        assert BeautifulSoup((tmp_path / file).read_text(), "html.parser").find(id=part)
