"""The one question: profile, flag, requirements; for a request, for everyone, and in one query."""

from http.cookies import SimpleCookie

import pytest
from django.contrib.auth.models import AnonymousUser, Group
from model_bakery import baker
from waffle import flag_is_active
from waffle.models import Flag

from stages.catalog import UnknownMilestoneError, catalog
from stages.features import active_slugs, is_active, is_active_for_everyone, is_active_for_user
from stages.middleware import keeping_flags
from stages.models import MilestoneFlag
from tests.stages.conftest import entry
from tests.stages.rollouts import group_of, request_of, roll_out

pytestmark = pytest.mark.django_db


# --- What the profile decides, without a query ----------------------------------------------------------------------
def test_everything_is_active_after_a_bare_migrate(milestones):
    built = {milestone.slug for milestone in catalog() if not milestone.planned}
    assert built <= set(active_slugs(request_of()))


def test_a_milestone_above_the_profile_is_not_active_and_costs_no_query(settings, django_assert_num_queries):
    settings.CRM_STAGE = "junior"
    with django_assert_num_queries(0):
        assert not is_active("orders")
        assert not is_active_for_everyone("orders")


def test_a_milestone_without_a_switch_costs_no_query(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert is_active("client-model")
        assert is_active("start", request_of())


def test_a_locked_profile_has_everything_on_whatever_the_flags_say(
    settings, milestones, django_assert_num_queries
):
    milestones.off("login-required", "api-permissions")
    settings.CRM_LOCKED = True
    with django_assert_num_queries(0):
        assert is_active("login-required", request_of())
        assert is_active("api-permissions")


@pytest.mark.parametrize("locked", [False, True])
def test_a_planned_milestone_is_never_active_nor_what_requires_it(curriculum, settings, locked):
    curriculum(entry(1, "one", planned="true"), entry(2, "two", requires='["one"]'), entry(3, "three"))
    settings.CRM_LOCKED = locked
    assert active_slugs(request_of()) == ("three",)
    assert not is_active("two")


def test_an_unknown_slug_is_refused():
    with pytest.raises(UnknownMilestoneError, match="orders"):
        is_active("ordres")


# --- The flag and what it requires ----------------------------------------------------------------------------------
def test_a_milestone_is_off_while_something_it_requires_is_off(milestones):
    milestones.off("client-crud")
    assert not is_active("orders")
    assert not is_active("csv-export", request_of())
    milestones.on("client-crud")
    assert is_active("orders")


def test_a_flag_that_is_not_stored_counts_as_on(milestones):
    Flag.objects.filter(name="orders").delete()
    assert is_active("orders")
    assert is_active("orders", request_of())


def test_a_group_has_it_and_its_neighbour_has_not(learner, manager):
    flag = roll_out("orders")
    flag.groups.add(group_of(learner))
    assert is_active("orders", request_of(learner))
    assert not is_active("orders", request_of(manager))
    assert not is_active("orders", request_of())
    assert not is_active("orders")


def test_a_group_without_members_lets_no_guest_in():
    roll_out("orders").groups.add(baker.make(Group))
    assert not is_active("orders", request_of())


def test_a_user_has_it_and_so_has_what_requires_it_for_them(learner, manager):
    roll_out("orders").users.add(learner)
    assert is_active("order-totals", request_of(learner))
    assert not is_active("order-totals", request_of(manager))


def test_off_for_everyone_is_off_for_those_listed_too(learner):
    flag = roll_out("orders", everyone=False)
    flag.users.add(learner)
    assert not is_active("orders", request_of(learner))
    roll_out("avatars")  # so that it is read whom each flag lists
    (read,) = (flag for flag in MilestoneFlag.objects.seen_by(learner) if flag.name == "orders")
    assert read.for_user
    assert read.is_active_for_user(learner) is False


def test_a_percentage_rolls_the_dice_once_and_remembers_it(monkeypatch):
    roll_out("orders", percent=30)
    monkeypatch.setattr("waffle.models.random.uniform", lambda low, high: 20)
    request = request_of()
    assert is_active("orders", request)
    assert request.waffles == {"orders": [True, False]}
    monkeypatch.setattr("waffle.models.random.uniform", lambda low, high: 40)
    assert is_active("orders", request)
    assert not is_active("orders", request_of())
    assert is_active("orders", request_of(dwf_orders="True"))


def test_a_percentage_is_remembered_by_a_cookie(guest, monkeypatch):
    roll_out("orders", percent=30)
    monkeypatch.setattr("waffle.models.random.uniform", lambda low, high: 40)
    answer = guest.get("/stages/orders/")
    assert answer.cookies["dwf_orders"].value == "False"
    assert isinstance(guest.cookies, SimpleCookie)


WAYS = [
    {"everyone": True},
    {"everyone": False, "superusers": True, "staff": True, "authenticated": True},
    {},
    {"superusers": True},
    {"staff": True},
    {"authenticated": True},
    {"languages": "en-us, de"},
    {"languages": "de"},
    {"testing": True},
    {"percent": 0},
    {"listed": True},
    {"grouped": True},
    {"listed": True, "everyone": False},
]


@pytest.mark.parametrize("way", WAYS, ids=str)
def test_every_way_waffle_has_is_answered_as_waffle_answers_it(way, learner, manager, admin_user, settings):
    settings.WAFFLE_CACHE_NAME = "flags"
    flag = roll_out(
        "avatars", **{key: value for key, value in way.items() if key not in ("listed", "grouped")}
    )
    if "listed" in way:
        flag.users.add(learner)
    if "grouped" in way:
        flag.groups.add(group_of(manager))
    for user in (AnonymousUser(), learner, manager, admin_user):
        for cookies in ({}, {"dwft_avatars": "True"}):
            request = request_of(user, **cookies)
            request.LANGUAGE_CODE = "en-us"
            assert is_active("avatars", request) == bool(flag_is_active(request, "avatars")), user


def test_a_flag_read_elsewhere_answers_as_stock_waffle_does(learner, manager):
    roll_out("orders").users.add(learner)
    flag = MilestoneFlag.objects.get(name="orders")
    assert flag.is_active_for_user(learner) is True
    assert flag.is_active_for_user(manager) is None


def test_no_query_string_opens_a_flag(settings, milestones):
    milestones.off("orders")
    request = request_of()
    request.GET = request.GET.copy()
    request.GET["orders"] = "1"
    assert settings.WAFFLE_OVERRIDE is False
    assert not is_active("orders", request)


# --- For everyone ---------------------------------------------------------------------------------------------------
def test_outside_a_request_a_flag_counts_only_when_it_is_on_for_everyone(learner):
    roll_out("orders", authenticated=True).users.add(learner)
    assert is_active("orders", request_of(learner))
    assert not is_active("orders")
    assert not is_active_for_everyone("orders")


def test_a_question_outside_a_request_is_one_query(django_assert_num_queries):
    with django_assert_num_queries(1):
        assert is_active("merge-clients")


def test_what_acts_without_a_request_asks_for_everyone_even_with_one(curriculum, learner):
    curriculum(entry(1, "one"), entry(2, "two", requires='["one"]', everyone_only="true"))
    for slug in ("one", "two"):
        baker.make(Flag, name=slug, everyone=True)
    assert is_active("two", request_of(learner))
    roll_out("one", authenticated=True)
    assert is_active("one", request_of(learner))
    assert not is_active("two", request_of(learner))


def test_a_user_without_a_request_is_answered_for_themselves(learner, manager):
    roll_out("live-orders").users.add(learner)
    assert is_active_for_user("live-orders", learner) == (not catalog().get("live-orders").planned)
    assert not is_active_for_user("live-orders", manager)
    assert not is_active_for_user("live-orders", AnonymousUser())


def test_a_push_inside_a_request_asks_for_everyone(learner):
    roll_out("orders").users.add(learner)
    with keeping_flags(request_of(learner)):
        assert is_active("orders")
        assert not is_active_for_everyone("orders")
