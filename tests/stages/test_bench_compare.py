"""Two runs of the lab beside each other."""

import pytest

from bench.compare import as_json, compared, run_of
from bench.measured import Measured


def run(ratio: float) -> list[Measured]:
    limits = {"at most": "≤ 3", "at least": "≥ 3", "no promise": ""}
    return [Measured(what, "1 ms", "2 ms", ratio, limit) for what, limit in limits.items()]


@pytest.fixture
def before(tmp_path) -> dict[str, Measured]:
    file = tmp_path / "old.json"
    file.write_text(as_json(run(2.0), "a machine"), encoding="utf-8")
    return run_of(file)


@pytest.mark.parametrize(
    "ratio, at_most, at_least",
    [(2.0, "as before", "as before"), (2.6, "slower", "quicker"), (1.5, "quicker", "slower")],
)
def test_the_promise_says_which_way_is_better(before, ratio, at_most, at_least):
    lines = compared(before, run(ratio)).splitlines()[2:]
    assert lines[:3] == [
        f"| at most | 2.00 | {ratio:.2f} | {at_most} |",
        f"| at least | 2.00 | {ratio:.2f} | {at_least} |",
        f"| no promise | 2.00 | {ratio:.2f} |  |",
    ]


def test_what_promises_nothing_is_judged_by_what_it_aims_at(before):
    found = [Measured("no promise", "1 ms", "2 ms", 4.0, aim="≤ 2"), *run(2.0)[:1]]
    assert "| no promise | 2.00 | 4.00 | slower |" in compared(before, found)
    assert compared(before, found).endswith("1 of 2 are slower by more than 25%.")


def test_what_was_not_measured_then_is_new(before):
    assert "| else | – | 1.00 | new |" in compared(before, [Measured("else", "1", "1", 1.0)])


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"rows": [{"what": 1}]}'])
def test_a_file_that_is_no_run_is_told(tmp_path, content):
    file = tmp_path / "old.json"
    file.write_text(content)
    with pytest.raises(ValueError, match=r"old\.json is no run of the lab"):
        run_of(file)
