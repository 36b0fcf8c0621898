"""The grader with a real browser: two of them hear of an order, ours and those of a page that stays silent."""

import sys
from pathlib import Path

import pytest

from grading.browser import program
from grading.checks import advanced
from grading.grade import graded
from grading.verdicts import Fails, NotJudged
from stages.catalog import ROOT
from stages.checking.results import Status


def test_two_browsers_hear_of_an_order_in_our_own_crm():
    assert program()
    [row] = graded(ROOT, Path(sys.executable), (19,)).rows
    assert row.status is Status.PASS, row.bad


@pytest.mark.parametrize("sockets, verdict", [(1, Fails), (0, NotJudged)])
def test_a_silent_socket_fails_and_no_socket_is_not_judged(monkeypatch, sockets, verdict):
    class Silent:
        def __init__(self, *about):
            self.sockets = sockets

        def has_heard(self, seconds):
            return False

    monkeypatch.setattr(advanced, "OpenPage", Silent)
    monkeypatch.setattr(advanced, "added", lambda served: None)
    monkeypatch.setattr(advanced, "order_is_made", lambda served, person: None)
    with pytest.raises(verdict):
        advanced.two_browsers_hear(None, program())
