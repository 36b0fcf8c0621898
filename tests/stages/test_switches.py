"""Turning milestones on and off: what changes, what is left alone, what is said, and what is refused."""

import pytest
from model_bakery import baker
from waffle.models import Flag

from stages.catalog import Stage, UnknownMilestoneError, catalog
from stages.features import is_active
from stages.middleware import keeping_flags
from stages.states import State
from stages.switches import (
    FixedError,
    LockedError,
    outcome,
    outcome_of_stage,
    set_stage,
    states,
    turn_off,
    turn_on,
)
from tests.stages.conftest import entry
from tests.stages.rollouts import request_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def small(curriculum):
    """one ← two ← three, and one that has no switch."""
    curriculum(
        entry(0, "base", switchable="false"),
        entry(1, "one", requires='["base"]'),
        entry(2, "two", requires='["one"]'),
        entry(3, "three", stage='"middle"', requires='["two"]'),
    )
    Flag.objects.all().delete()
    for slug in ("one", "two", "three"):
        baker.make(Flag, name=slug, everyone=True, superusers=False)


def flags():
    return dict(Flag.objects.order_by("name").values_list("name", "everyone"))


def slugs(milestones):
    return [milestone.slug for milestone in milestones]


def state_of(slug, request=None):
    return next(state for state in states(request) if state.milestone.slug == slug)


# --- On and off -----------------------------------------------------------------------------------------------------
def test_turning_on_turns_on_what_it_requires(small):
    turn_off(["one", "two", "three"])
    assert slugs(turn_on(["three"])) == ["one", "two", "three"]
    assert flags() == {"one": True, "three": True, "two": True}


def test_turning_on_returns_only_what_changed(small):
    turn_off(["two"])
    assert slugs(turn_on([3])) == ["two"]
    assert turn_on(["three", "one"]) == []


def test_turning_off_leaves_what_depends_on_it_alone(small):
    assert slugs(turn_off(["one"])) == ["one"]
    assert flags() == {"one": False, "three": True, "two": True}
    assert not is_active("three")
    turn_on(["one"])
    assert is_active("three")


def test_off_and_on_again_loses_no_setting(small, learner):
    Flag.objects.filter(name="one").update(percent=30, note="mine", staff=True)
    Flag.objects.get(name="one").users.add(learner)
    turn_off(["one"])
    turn_on(["one"])
    flag = Flag.objects.get(name="one")
    assert (flag.everyone, flag.percent, flag.note, flag.staff) == (True, 30, "mine", True)
    assert list(flag.users.all()) == [learner]


def test_a_roll_out_becomes_on_for_everyone(small):
    Flag.objects.filter(name="one").update(everyone=None, staff=True)
    assert slugs(turn_on(["one"])) == ["one"]
    assert flags()["one"] is True


def test_a_flag_that_is_missing_is_made(small):
    Flag.objects.filter(name="one").delete()
    assert slugs(turn_off(["one"])) == ["one"]
    flag = Flag.objects.get(name="one")
    assert (flag.everyone, flag.superusers, flag.note) == (False, False, "The one")


def test_setting_a_stage_turns_on_all_up_to_it_and_off_the_rest(milestones):
    milestones.off("client-crud", "orders")
    changed = slugs(set_stage("middle"))
    assert changed[:2] == ["client-crud", "orders"]
    assert flags() == {m.slug: m.stage in ("junior", "middle") for m in catalog().switchable}
    set_stage(Stage.ADVANCED)
    assert set(flags().values()) == {True}


def test_the_request_that_switches_sees_what_it_has_done(small):
    request = request_of()
    with keeping_flags(request):
        assert is_active("two", request)
        turn_off(["one"])
        assert not is_active("two", request)


@pytest.mark.parametrize("switch", [turn_on, turn_off])
def test_one_unknown_name_switches_nothing(small, switch):
    before = flags()
    with pytest.raises(UnknownMilestoneError, match="thre"):
        switch(["one", "thre"])
    assert flags() == before


def test_what_has_no_switch_is_not_turned_off(small):
    with pytest.raises(FixedError, match="The base has no switch"):
        turn_off(["one", "base"])
    assert flags()["one"] is True
    assert turn_on(["base"]) == []


def test_what_is_not_built_is_not_turned_on(curriculum):
    curriculum(entry(1, "one", planned="true"))
    with pytest.raises(FixedError, match="The one is planned, but not built yet"):
        turn_on(["one"])


@pytest.mark.parametrize("switch", [lambda: turn_on([5]), lambda: turn_off([5]), lambda: set_stage("junior")])
def test_nothing_is_switched_where_everything_is_locked(settings, milestones, switch):
    before = flags()
    settings.CRM_LOCKED = True
    with pytest.raises(LockedError, match="locked"):
        switch()
    assert flags() == before


# --- What is said ---------------------------------------------------------------------------------------------------
def test_the_answer_names_what_was_turned_on(small):
    turn_off(["two", "three"])
    assert outcome(on=turn_on(["three"])) == "Turned on: The two, The three."


def test_the_answer_names_what_waits_now(small):
    assert outcome(off=turn_off(["one"])) == "Turned off: The one. Waiting for it now: The two, The three."


def test_the_answer_says_when_there_was_nothing_to_do(small):
    assert outcome(on=turn_on(["one"])) == "Nothing had to be changed."


def test_the_answer_names_what_the_profile_does_not_reach(small, settings):
    settings.CRM_STAGE = "junior"
    turn_off(["three"])
    assert outcome(on=turn_on(["three"])) == "Turned on: The three. Beyond this profile (junior): The three."


def test_setting_a_stage_says_both_sides(small):
    turn_off(["one"])
    assert outcome_of_stage(Stage.JUNIOR) == "Turned on: The one. Turned off: The three."


# --- States ---------------------------------------------------------------------------------------------------------
def test_a_milestone_is_on_or_off(small):
    turn_off(["three"])
    assert [(s.milestone.slug, s.state, s.label, s.active) for s in states()] == [
        ("base", State.ON, "always on", True),
        ("one", State.ON, "on", True),
        ("two", State.ON, "on", True),
        ("three", State.OFF, "off", False),
    ]


def test_a_milestone_waits_for_what_is_off_below_it(small):
    turn_off(["one"])
    three = state_of("three")
    assert (three.state, three.label, three.active) == (State.WAITING, "waiting for The one", False)
    turn_off(["two"])
    assert state_of("three").label == "waiting for The one, The two"
    assert [milestone.slug for milestone in three.requires] == ["two"]


def test_a_planned_milestone_is_planned_and_what_requires_it_waits(curriculum):
    curriculum(entry(1, "one", planned="true"), entry(2, "two", requires='["one"]'))
    assert state_of("one").label == "planned, not built yet"
    assert state_of("two").label == "waiting for The one"
    assert not state_of("one").has_switch


def test_a_milestone_above_the_profile_says_so(small, settings):
    settings.CRM_STAGE = "junior"
    three = state_of("three")
    assert (three.state, three.label) == (State.ABOVE, "beyond this profile (junior)")
    assert not three.has_switch


@pytest.mark.parametrize(
    "rollout,words",
    [
        ({"percent": 25}, "25 % of visitors"),
        ({"percent": "12.5"}, "12.5 % of visitors"),
        ({"staff": True}, "staff"),
        ({"superusers": True}, "superusers"),
        ({"authenticated": True}, "everybody logged in"),
        ({"languages": "de,fr"}, "languages de,fr"),
        ({"testing": True}, "testers"),
    ],
)
def test_a_roll_out_is_said_in_words(small, rollout, words):
    Flag.objects.filter(name="one").update(everyone=None, **rollout)
    one = state_of("one")
    assert (one.state, one.label) == (State.PARTLY, f"on for some ({words})")
    assert (one.can_turn_on, one.can_turn_off) == (True, True)


def test_a_roll_out_to_users_and_groups_says_whether_it_is_on_for_you(small, learner, manager):
    flag = Flag.objects.get(name="one")
    Flag.objects.filter(name="one").update(everyone=None)
    flag.users.add(learner)
    flag.groups.add(baker.make("auth.Group"))
    assert state_of("one", request_of(learner)).label == "on for some (some groups, some users)"
    assert state_of("one", request_of(learner)).active
    assert not state_of("one", request_of(manager)).active
    assert state_of("two", request_of(learner)).label == "on for some"


def test_a_roll_out_to_nobody_is_off(small):
    Flag.objects.filter(name="one").update(everyone=None)
    assert state_of("one").state is State.OFF


def test_what_counts_only_for_everyone_is_never_on_for_some(curriculum):
    curriculum(
        entry(1, "one"),
        entry(2, "two", requires='["one"]', everyone_only="true"),
        entry(3, "three", everyone_only="true"),
    )
    baker.make(Flag, name="one", everyone=None, staff=True)
    baker.make(Flag, name="three", everyone=None, staff=True)
    assert state_of("two").label == "waiting for The one"
    assert state_of("three").label == "off"


def test_the_switch_offers_what_would_change_something(small):
    turn_off(["one"])
    assert (state_of("one").can_turn_on, state_of("one").can_turn_off) == (True, False)
    assert (state_of("two").can_turn_on, state_of("two").can_turn_off) == (True, True)
    assert (state_of("base").can_turn_on, state_of("base").can_turn_off) == (False, False)
    turn_on(["one"])
    assert (state_of("one").can_turn_on, state_of("one").can_turn_off) == (False, True)


def test_where_everything_is_locked_all_is_on_without_a_query(small, settings, django_assert_num_queries):
    turn_off(["one"])
    settings.CRM_LOCKED = True
    with django_assert_num_queries(0):
        assert {state.state for state in states()} == {State.ON}
        assert not any(state.has_switch for state in states())


def test_all_states_are_one_query(milestones, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert len(states()) == len(catalog().milestones)
