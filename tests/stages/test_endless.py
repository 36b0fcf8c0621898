"""A check that is caught in an endless loop is ended, and the line named."""

import re
import time

import pytest

from stages.checking.endless import EndlessError, ended_after
from tests.processes import ROOT, python

LOOP = "while True:\n        pass"
PLUGINS = ("-p", "stages.checking.endless", "-p", "no:randomly", "-p", "no:django", "-p", "no:cacheprovider")


@pytest.fixture
def said_of(tmp_path):
    """What pytest says of checks with these bodies."""

    def run_checks(*bodies: str, seconds: int = 1) -> str:
        checks = "\n\n".join(f"def test_{number}():\n    {body}" for number, body in enumerate(bodies))
        (tmp_path / "test_mine.py").write_text(f"from hypothesis import given, strategies\n\n{checks}\n")
        options = ("-q", "--tb=short", f"--seconds-a-check={seconds}")
        return python("-m", "pytest", *PLUGINS, *options, cwd=tmp_path, PYTHONPATH=str(ROOT)).stdout

    return run_checks


def test_the_loop_is_ended_and_the_next_check_has_its_turn(said_of):
    said = said_of(LOOP, "assert 1 + 1 == 2")
    assert "1 failed, 1 passed" in said
    assert "It was stopped after 1 seconds: is there a loop that never ends?" in said


def test_code_that_catches_every_error_does_not_get_away(said_of):
    swallowing = "try:\n        while True:\n            pass\n    except Exception:\n        pass"
    assert "1 failed" in said_of(swallowing)


def test_a_tool_that_tries_the_same_input_again_is_ended_as_well(said_of):
    assert "1 failed" in said_of("given(strategies.integers())(lambda number: [1 for _ in iter(int, 1)])()")


def test_the_checks_after_the_first_one_get_less_time(said_of):
    said = said_of(LOOP, LOOP, seconds=3)
    assert re.findall(r"E .*stopped after (\d) seconds", said) == ["3", "2"]


def test_what_ends_in_time_leaves_no_alarm_behind():
    with ended_after(0.2):
        pass
    time.sleep(0.3)


def test_the_alarm_rings_inside():
    with pytest.raises(EndlessError), ended_after(0.05):
        time.sleep(5)
