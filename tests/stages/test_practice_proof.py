"""The proof that milestones can be practised: what it runs, and what it finds wrong."""

from dataclasses import replace

import pytest

from stages.catalog import ROOT, catalog
from stages.checking import practice_proof
from stages.checking.practice_proof import Copy, prove_practice
from stages.checking.results import Result, Status
from stages.commands import prove as command

START = (catalog().get("start"),)


def result(status=Status.FAIL, **values) -> Result:
    test = "tests/junior/test_00_start.py::test_it"
    return Result("own", "start", test, status, **{"required": True, **values})


def test_one_milestone_is_proved_for_real():
    told = []
    [shown] = prove_practice(START, told.append)

    assert shown.problems == ()
    assert shown.cells == ("1/1", "–", "1/1", "1", "yes")
    assert told == ["0 start  1/1  –  1/1  1  yes"]


def problems(found) -> list[str]:
    return list(Copy(ROOT, START, full=False).not_for_its_reason(found))


def test_red_by_a_stub_or_by_an_assertion_is_its_own_reason():
    stub = result(got=f"{practice_proof.STUB}: milestone 0", frame="clients/health.py:14")

    assert problems([stub, result(got="404 was answered")]) == []


@pytest.mark.parametrize(
    "found, said",
    [
        ([result(Status.PASS)], "taken out, it holds all the same"),
        ([result(got="KeyError: 1", frame="clients/x.py:1")], "it is red for another reason: KeyError: 1"),
        ([result(Status.ERROR, got="no such file")], "it is red for another reason: no such file"),
    ],
)
def test_anything_else_is_found_wrong(found, said):
    assert problems(found) == [said]


def test_the_manifest_and_the_plain_solution_have_to_agree():
    named = replace(START[0], plain_leaves_red=("test_old",))
    copy = Copy(ROOT, (named,), full=False)

    assert list(copy.unexpected([result(required=False)])) == [
        "the plain solution leaves test_it red, and the manifest does not name it",
        "the manifest says that the plain solution leaves test_old red, and it passes",
    ]


def test_neighbours_are_what_it_requires_and_what_shares_a_file():
    search = catalog().get("search-pagination")
    copy = Copy(ROOT, (search,), full=False)

    assert [one.slug for one in copy.others(standing=False)] == [
        "client-model", "client-crud", "order-totals", "active-clients",
    ]  # fmt: skip
    assert len(replace(copy, full=True).others(standing=False)) == len(catalog().milestones) - 1


class Lines:
    def __init__(self, lines):
        self.write = lines.append


def test_the_command_says_what_is_wrong_and_fails(monkeypatch):
    bad = practice_proof.Shown("0 start", ("0/1", "–", "1/1", "0", "NO"), ("0 start: put back, it differs",))
    monkeypatch.setattr(command, "prove_practice", lambda *arguments, **options: [bad])
    lines: list[str] = []
    status = command.prove_that_they_can_be_practised(Lines(lines), START, full=False)

    assert status == 1
    assert lines[-2:] == ["0 start: put back, it differs", "Not everything is proved; see above."]
