"""Production does not start while a demo account is there: its password stands in the README."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import check_password
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections

from clients.demo import accounts


@register(Tags.database)
def no_demo_accounts(
    app_configs: Sequence[AppConfig] | None, *, databases: Iterable[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """Asked by `migrate` and by `check --database default`, which the containers run before they start."""
    if accounts.are_allowed():
        return []
    open_to_all = [name for alias in databases or () for name in demo_accounts(alias)]
    return [refusal(open_to_all)] if open_to_all else []


def demo_accounts(alias: str) -> list[str]:
    """The accounts of the demo that still have its password. None before the first migration."""
    users = get_user_model()
    if users._meta.db_table not in connections[alias].introspection.table_names():
        return []
    found = users._default_manager.using(alias).filter(username__in=accounts.RIGHTS, is_active=True)
    return [
        user.get_username()
        for user in found.order_by("pk")
        if check_password(accounts.PASSWORD, user.password)
    ]


def refusal(names: list[str]) -> Error:
    return Error(
        f"Everybody knows the password of these accounts: {', '.join(names)}.",
        hint="Give them another one (`manage.py changepassword NAME`) or delete them. For a public demo set "
        f"CRM_DEMO=1 (now it is {settings.CRM_DEMO:d}).",
        id="clients.E001",
    )
