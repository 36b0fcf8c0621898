"""After Ctrl-C nothing of the graded project runs on, and none of its files lie about."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from stages.catalog import ROOT

PROJECT = ROOT / "tests" / "grading" / "projects" / "beginner"
GRADE = """
import sys
from pathlib import Path
from grading import grade
if sys.argv[1] == "open":
    grade.apart = list
grade.graded(Path(sys.argv[2]), Path(sys.executable))
"""


@contextmanager
def served(command: list[str], folder: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """A run that has got as far as the project's server, in a folder for temporary files of its own."""
    env = {**os.environ, "TMPDIR": str(folder), "PYTHONPATH": str(ROOT), "REDIS_URL": ""}
    with hearing_ctrl_c():
        process = subprocess.Popen([sys.executable, *command], cwd=ROOT, env=env, stderr=subprocess.PIPE)
    try:
        deadline = time.monotonic() + 90
        while not any("runserver" in line for line in of_folder(folder)):
            assert process.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.1)
        yield process
    finally:
        process.kill()
        process.communicate()


@contextmanager
def hearing_ctrl_c() -> Iterator[None]:
    """A shell lets what it runs in the background ignore Ctrl-C: this suite, and all that is started from it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def of_folder(folder: Path) -> list[str]:
    """The command lines of the processes that work with files in it."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            line = (process / "cmdline").read_text().replace("\0", " ")
            environment = (process / "environ").read_text(errors="replace")
        except OSError:
            continue
        if f"TMPDIR={folder}/grade-" in environment or str(folder) in line:
            found.append(line)
    return found


def assert_nothing_left_in(folder: Path) -> None:
    deadline = time.monotonic() + 10
    while of_folder(folder):
        assert time.monotonic() < deadline, of_folder(folder)
        time.sleep(0.1)
    assert not list(folder.iterdir())


@pytest.mark.parametrize("how", ["apart", "open"])
def test_ctrl_c_leaves_nothing(how, tmp_path):
    with served(["-c", GRADE, how, str(PROJECT)], tmp_path) as grading:
        grading.send_signal(signal.SIGINT)
        assert grading.wait(30) != 0
        assert_nothing_left_in(tmp_path)


def test_ctrl_c_ends_a_list_at_once_and_keeps_no_half_verdict(tmp_path):
    file, folder = tmp_path / "people.csv", tmp_path / "temporary"
    folder.mkdir()
    file.write_text("".join(f"person {n},{PROJECT}\n" for n in range(6)))
    command = ["manage.py", "stages", "grade", "--list", str(file), "--results", str(tmp_path / "grades")]
    with served([*command, "--python", sys.executable], folder) as grading:
        grading.send_signal(signal.SIGINT)
        _, said = grading.communicate(timeout=30)
        assert grading.returncode == 130
        assert said.decode().strip() == "CommandError: Stopped. The same command goes on from here."
        assert not list((tmp_path / "grades").glob("*.json"))
        assert_nothing_left_in(folder)
