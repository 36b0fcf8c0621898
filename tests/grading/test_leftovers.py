"""After Ctrl-C nothing of the graded project runs on, and none of its files lie about."""

import os
import signal
import subprocess
import sys
import time
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


@pytest.fixture
def grading(request, tmp_path):
    """A run that has got as far as the project's server, in a folder for temporary files of its own."""
    env = {**os.environ, "TMPDIR": str(tmp_path), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", GRADE, request.param, str(PROJECT)]
    process = subprocess.Popen(command, cwd=ROOT, env=env, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 90
    while not any("runserver" in line for line in of_folder(tmp_path)):
        assert process.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.1)
    yield process
    process.kill()
    process.wait()


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


@pytest.mark.parametrize("grading", ["apart", "open"], indirect=True)
def test_ctrl_c_leaves_nothing(grading, tmp_path):
    grading.send_signal(signal.SIGINT)
    assert grading.wait(30) != 0
    deadline = time.monotonic() + 10
    while of_folder(tmp_path):
        assert time.monotonic() < deadline, of_folder(tmp_path)
        time.sleep(0.1)
    assert not list(tmp_path.iterdir())
