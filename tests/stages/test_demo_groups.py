"""The demo has two groups to roll milestones out to, and they stay as they were changed."""

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group

from clients.demo.accounts import create_accounts, create_groups

pytestmark = pytest.mark.django_db


def members() -> dict[str, list[str]]:
    return {
        group.name: [user.get_username() for user in group.user_set.all()]
        for group in Group.objects.order_by("name")
    }


def test_the_learner_is_in_one_of_two_groups():
    create_accounts()
    create_groups()
    assert members() == {"Evening course": [], "Monday course": ["learner"]}


def test_a_group_that_is_there_keeps_its_members():
    create_accounts()
    create_groups()
    Group.objects.get(name="Monday course").user_set.clear()
    Group.objects.get(name="Evening course").user_set.add(get_user_model().objects.get(username="manager"))
    create_groups()
    assert members() == {"Evening course": ["manager"], "Monday course": []}
