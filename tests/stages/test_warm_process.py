"""`stages check --watch`: a warm process that forks for each run, and runs what was saved last."""

import os
import signal
import time

import pytest

from stages.checking import warm_process as module
from stages.checking.starting import LAST_BYTES, TOO_LONG, Ended, in_a_new_process, started_by
from stages.checking.warm_process import WarmProcess, warm_process

QUIET = ("-q", "-p", "no:cacheprovider", "-p", "no:randomly", "-p", "no:django")


@pytest.fixture
def folder(tmp_path):
    """A project of one module and one check of it."""
    (tmp_path / "mine.py").write_text("def double(number):\n    return number\n")
    (tmp_path / "test_mine.py").write_text("import mine\n\ndef test_two():\n    assert mine.double(1) == 2\n")
    return tmp_path


@pytest.fixture
def warm(folder):
    process = WarmProcess(folder)
    yield process
    process.close()


def test_each_run_reads_what_was_saved_last(warm, folder):
    assert warm.run(QUIET, 60).status == 1
    (folder / "mine.py").write_text("def double(number):\n    return number * 2  # written\n")
    assert warm.run(QUIET, 60).status == 0
    (folder / "mine.py").write_text("def broken(:\n")
    ended = warm.run(QUIET, 60)
    assert (ended.status, "SyntaxError" in ended.output) == (2, True)


def test_what_comes_from_others_is_loaded_before_the_next_run(warm, folder):
    """And nothing of the project is."""
    (folder / "test_mine.py").write_text(
        "import sys\nbefore = set(sys.modules)\nimport PIL.Image, mine\n\n"
        "def test_loaded():\n    assert ('PIL.Image' in before, 'mine' in before) == (True, False)\n"
    )
    assert [warm.run(QUIET, 60).status for _ in range(2)] == [1, 0]


def test_an_endless_loop_is_ended(warm, folder):
    (folder / "mine.py").write_text("while True:\n    pass\n")
    assert warm.run(QUIET, 1).status == TOO_LONG
    (folder / "mine.py").write_text("def double(number):\n    return number * 2\n")
    assert warm.run(QUIET, 60).status == 0


def test_of_a_flood_of_output_only_the_end_is_kept(warm, folder):
    (folder / "mine.py").write_text(
        "import os\nfor _ in range(100):\n    os.write(2, b'flood ' * 10_000)\n1 / 0\n"
    )
    ended = warm.run((*QUIET, "-s"), 60)
    assert ended.status == 2
    assert len(ended.output) <= LAST_BYTES


def test_when_the_warm_process_is_gone_a_new_one_answers(warm, monkeypatch):
    asked = []
    monkeypatch.setattr(module, "in_a_new_process", lambda *run: asked.append(run) or Ended(0, "new"))
    os.killpg(warm.process.pid, signal.SIGKILL)
    warm.process.wait()
    assert warm.run(QUIET, 60) == Ended(0, "new")
    assert asked == [(QUIET, 60)]


def test_closing_ends_a_run_that_still_goes_on(folder):
    (folder / "mine.py").write_text(
        "while True:\n    with open('alive', 'a') as file:\n        file.write('.')\n"
    )
    process = WarmProcess(folder)
    process.process.stdin.write('{"arguments": ["-q"], "output": "out.txt", "seconds": 60}\n')
    process.process.stdin.flush()
    alive = folder / "alive"
    while not alive.exists():
        time.sleep(0.01)
    process.close()
    time.sleep(0.1)
    size = alive.stat().st_size
    time.sleep(0.3)
    assert alive.stat().st_size == size


def test_the_checks_are_run_by_it_while_it_lasts(folder):
    with warm_process() as start:
        assert started_by.get() == start
    assert started_by.get() == in_a_new_process


def test_where_a_system_cannot_fork_each_run_starts_anew(monkeypatch):
    monkeypatch.delattr(os, "fork")
    with warm_process() as start:
        assert start is None
        assert started_by.get() == in_a_new_process


def test_a_run_of_its_own_process_has_the_same_limit(monkeypatch, folder):
    monkeypatch.setattr("stages.checking.starting.ROOT", folder)
    (folder / "mine.py").write_text("while True:\n    pass\n")
    assert in_a_new_process(QUIET, 1.5).status == TOO_LONG
