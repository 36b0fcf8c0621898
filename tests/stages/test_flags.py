"""Reading the flags: once for a request, and kept for it; making them after migrate."""

import asyncio

import pytest
from django.apps import apps
from django.http import HttpResponse
from django.test import RequestFactory
from rest_framework.request import Request
from waffle.models import Flag

from stages.catalog import catalog
from stages.features import is_active, is_active_for_everyone
from stages.flags import RequestFlags, current_flags, make_missing_flags
from stages.middleware import FlagsMiddleware, keeping_flags
from stages.states import states
from tests.stages.rollouts import group_of, request_of, roll_out

pytestmark = pytest.mark.django_db


# --- One query for a request, two where a flag is rolled out --------------------------------------------------------
def test_all_flags_of_a_request_are_one_query(learner, milestones, django_assert_num_queries):
    roll_out("orders", everyone=False)
    request = request_of(learner)
    with keeping_flags(request), django_assert_num_queries(1):
        active = [is_active(milestone.slug, request) for milestone in catalog()]
        assert active == [is_active(milestone.slug) for milestone in catalog()]
        assert len(set(active)) == 2
        assert not any(state.rollout for state in states(request))


def test_all_flags_of_a_request_are_two_queries_where_one_is_rolled_out(learner, django_assert_num_queries):
    roll_out("orders").groups.add(group_of(learner))
    roll_out("avatars").users.add(learner)
    request = request_of(learner)
    with keeping_flags(request), django_assert_num_queries(2):
        active = [is_active(milestone.slug, request) for milestone in catalog()]
        assert active == [is_active(milestone.slug) for milestone in catalog()]
        assert is_active("orders", Request(request))
        assert is_active_for_everyone("client-crud")


def test_a_request_that_nobody_serves_is_answered_from_its_own_flags(learner, django_assert_num_queries):
    roll_out("orders").users.add(learner)
    with keeping_flags(request_of()), django_assert_num_queries(4):
        assert not is_active("orders")
        assert is_active("orders", request_of(learner))


def test_who_logs_in_meanwhile_is_answered_as_themselves(learner):
    roll_out("orders").users.add(learner)
    request = request_of()
    with keeping_flags(request):
        assert not is_active("orders")
        request.user = learner
        assert is_active("orders")


def test_a_request_without_a_user_is_a_guest(milestones):
    assert is_active("orders", RequestFactory().get("/"))


def test_every_page_of_the_map_costs_one_query_for_its_flags(guest, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert guest.get("/stages/").status_code == 200
    with django_assert_num_queries(1):
        assert guest.get("/stages/csv-export/").status_code == 200


def test_the_middleware_keeps_the_flags_for_its_request_only():
    seen = []

    def view(request):
        seen.append(current_flags.get())
        return HttpResponse()

    request = request_of()
    FlagsMiddleware(view)(request)
    assert isinstance(seen[0], RequestFlags)
    assert seen[0].request is request
    assert current_flags.get() is None


def test_the_middleware_serves_asynchronous_views_too():
    async def view(request):
        return HttpResponse(str(current_flags.get().request is request))

    request = request_of()
    answer = asyncio.run(FlagsMiddleware(view)(request))
    assert answer.content == b"True"
    assert current_flags.get() is None


def test_a_failing_view_leaves_no_flags_behind():
    def view(request):
        raise ValueError("on purpose")

    with pytest.raises(ValueError, match="on purpose"):
        FlagsMiddleware(view)(request_of())
    assert current_flags.get() is None


# --- After migrate --------------------------------------------------------------------------------------------------
def migrated():
    make_missing_flags(sender=apps.get_app_config("stages"), using="default")


def test_migrate_makes_a_flag_for_everything_that_has_a_switch():
    Flag.objects.all().delete()
    migrated()
    made = Flag.objects.values_list("name", "everyone", "superusers", "note")
    assert sorted(made) == sorted((m.slug, True, False, m.title) for m in catalog().switchable)


def test_migrate_resets_nothing(learner):
    flag = roll_out("orders", percent=30, note="mine")
    flag.users.add(learner)
    Flag.objects.filter(name="avatars").update(everyone=False)
    migrated()
    kept = Flag.objects.get(name="orders")
    assert (kept.everyone, kept.percent, kept.note, list(kept.users.all())) == (None, 30, "mine", [learner])
    assert Flag.objects.get(name="avatars").everyone is False


def test_migrating_without_waffles_table_is_no_error(monkeypatch):
    monkeypatch.setattr(Flag._meta, "db_table", "not_there_yet")
    migrated()
