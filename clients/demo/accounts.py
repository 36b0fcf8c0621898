"""The three people of the demo, and two groups to roll milestones out to.

Everybody knows their password, so they must never get into production by accident.
"""

from typing import Final

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group

PASSWORD: Final = "demo"
RIGHTS: Final = {
    "admin": {"is_staff": True, "is_superuser": True},
    "manager": {"is_staff": True, "is_superuser": False},
    "learner": {"is_staff": False, "is_superuser": False},
}
# Who is in each group when it is made.
GROUPS: Final = {"Monday course": ["learner"], "Evening course": []}


def are_allowed() -> bool:
    """Everywhere but in production, and there when CRM_DEMO asks for a demo."""
    return settings.CRM_DEMO or not settings.CRM_LOCKED


def create_accounts() -> list[str]:
    """Makes those that are missing and returns their names. One that is there stays as it is, its password too."""
    users = get_user_model().objects
    created = []
    for name, rights in RIGHTS.items():
        # get_or_create takes a factory, so that no slow hash is computed for an account that is there.
        defaults = {"password": lambda: make_password(PASSWORD), **rights}
        if users.get_or_create(username=name, defaults=defaults)[1]:
            created.append(name)
    return created


def create_groups() -> None:
    """Makes those that are missing. One that is there keeps the members it has."""
    for name, members in GROUPS.items():
        group, is_new = Group.objects.get_or_create(name=name)
        if is_new:
            group.user_set.add(*get_user_model().objects.filter(username__in=members))
