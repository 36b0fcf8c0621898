"""Reading and making the flags. Within a request they are read once and kept for it."""

from contextvars import ContextVar
from typing import Any

from django.apps import AppConfig
from django.contrib.auth.models import AnonymousUser
from django.db import connections
from django.http import HttpRequest
from waffle.models import Flag
from waffle.utils import get_setting

from stages.catalog import catalog
from stages.models import MilestoneFlag, Visitor


class RequestFlags:
    """What one request has read: once for each user it asks as, which is one unless somebody logs in."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self._flags: dict[Any, dict[str, MilestoneFlag]] = {}
        self._answers: dict[tuple[Any, str], bool] = {}

    @property
    def user(self) -> Visitor:
        return getattr(self.request, "user", None) or AnonymousUser()

    def flag(self, slug: str) -> MilestoneFlag:
        """Its flag; one that is not stored answers WAFFLE_FLAG_DEFAULT, as waffle does."""
        user = self.user
        if user.pk not in self._flags:
            self._flags[user.pk] = {flag.name: flag for flag in MilestoneFlag.objects.seen_by(user)}
        return self._flags[user.pk].get(slug) or MilestoneFlag(
            name=slug, everyone=get_setting("FLAG_DEFAULT")
        )

    def is_on(self, slug: str) -> bool:
        key = (self.user.pk, slug)
        if key not in self._answers:
            self._answers[key] = bool(self.flag(slug).is_active(self.request))
        return self._answers[key]

    def is_on_for_everyone(self, slug: str) -> bool:
        return bool(self.flag(slug).everyone)

    def forget(self) -> None:
        """After a switch: the next question reads again."""
        self._flags.clear()
        self._answers.clear()


current_flags: ContextVar[RequestFlags | None] = ContextVar("stages_request_flags", default=None)


def flags_of(request: HttpRequest | None) -> RequestFlags:
    """Those of the request being served, or new ones for a request that is not (each question is a query then)."""
    current = current_flags.get()
    # DRF hands its views a wrapper around the request.
    plain: HttpRequest | None = getattr(request, "_request", request)
    if current is not None and plain in (None, current.request):
        return current
    return RequestFlags(plain or HttpRequest())


def make_missing_flags(sender: AppConfig, using: str, **kwargs: object) -> None:
    """After migrate: a flag for each milestone that has none, on for everyone. What is there is never touched."""
    if Flag._meta.db_table not in connections[using].introspection.table_names():
        return
    flags = Flag.objects.using(using)
    stored = set(flags.values_list("name", flat=True))
    flags.bulk_create(
        [
            Flag(name=milestone.slug, note=milestone.title, everyone=True, superusers=False)
            for milestone in catalog().switchable
            if milestone.slug not in stored
        ],
        ignore_conflicts=True,
    )
