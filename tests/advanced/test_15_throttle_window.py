"""Milestone 15: the limit holds for any sixty seconds, not only for those that a clock's minute begins."""

import math

import pytest
import time_machine

pytestmark = [pytest.mark.django_db, pytest.mark.beyond("hostile")]
LIMIT = 6
MINUTE = 60
START = 1_795_000_020  # a minute begins


@pytest.fixture
def clock(settings, milestones):
    settings.API_THROTTLE_ANON = f"{LIMIT}/min"
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


def ask(guest) -> int:
    return guest.get("/api/clients/").status_code


@pytest.mark.parametrize("second", [0, 1, 29, 55, 59])
def test_across_the_edge_of_a_minute_there_is_no_second_limit(guest, clock, second):
    clock.shift(second)
    assert [ask(guest) for _ in range(LIMIT)] == [200] * LIMIT
    for _ in range(4):
        clock.shift(14)
        assert ask(guest) == 429


def test_no_sixty_seconds_have_more_than_the_limit_and_who_goes_on_asking_is_let_in(guest, clock):
    let_in = []
    for second in range(0, 5 * MINUTE, 2):
        if ask(guest) == 200:
            let_in.append(second)
        clock.shift(2)

    for first in let_in:
        assert len([second for second in let_in if first <= second < first + MINUTE]) <= LIMIT
    assert len(let_in) >= 4 * LIMIT


@pytest.mark.parametrize("second", [0, 3, 31, 59])
def test_who_waits_as_long_as_told_is_let_in(guest, clock, second):
    clock.shift(second)
    while ask(guest) == 200:
        clock.shift(1.5)
    seconds = float(guest.get("/api/clients/")["Retry-After"])
    assert 0 < seconds <= math.ceil(MINUTE * 13 / 12)
    clock.shift(seconds)
    assert ask(guest) == 200
