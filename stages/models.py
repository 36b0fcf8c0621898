"""waffle's flags as one page needs them: everything about all of them in a single query."""

from typing import ClassVar, Self

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import BooleanField, Exists, OuterRef, Value
from waffle.models import AbstractUserFlag, Flag

from stages.catalog import catalog

Visitor = AbstractBaseUser | AnonymousUser


class MilestoneFlagQuerySet(models.QuerySet["MilestoneFlag"]):
    def of_curriculum(self) -> Self:
        return self.filter(name__in=[milestone.slug for milestone in catalog().switchable])

    def seen_by(self, user: Visitor) -> Self:
        """Adds whether a flag lists this user or one of their groups, and whether it lists anybody at all."""
        users = Flag.users.through._default_manager.filter(flag=OuterRef("pk"))
        groups = Flag.groups.through._default_manager.filter(flag=OuterRef("pk"))
        # A guest has no key, and `group__user=None` would mean "a group without members".
        nobody = Value(False, output_field=BooleanField())
        known = user.pk is not None
        return self.annotate(
            lists_users=Exists(users),
            lists_groups=Exists(groups),
            for_user=Exists(users.filter(user=user.pk)) if known else nobody,
            for_group=Exists(groups.filter(group__user=user.pk)) if known else nobody,
        )


class MilestoneFlag(Flag):
    """A stock waffle flag. Read through `seen_by`, it answers for users and groups without another query."""

    for_user: bool | None = None
    for_group: bool | None = None
    lists_users: bool = False
    lists_groups: bool = False

    objects: ClassVar[models.Manager["MilestoneFlag"]] = models.Manager.from_queryset(MilestoneFlagQuerySet)()  # type: ignore[assignment]  # narrower than waffle's own manager

    class Meta:
        proxy = True
        verbose_name = "milestone flag"
        verbose_name_plural = "milestone flags"

    def is_active_for_user(self, user: AbstractBaseUser) -> bool | None:
        if self.for_user is None:
            return super().is_active_for_user(user)
        # Past AbstractUserFlag, whose version reads the users and groups from the database.
        answer = super(AbstractUserFlag, self).is_active_for_user(user)
        if answer is None and (self.for_user or self.for_group):
            return True
        return answer

    @property
    def is_rolled_out(self) -> bool:
        """Neither on nor off for everyone, and set so that somebody can have it on."""
        listed = self.lists_users or self.lists_groups
        ranks = self.staff or self.superusers or self.authenticated
        return self.everyone is None and bool(
            listed or ranks or self.percent or self.languages or self.testing
        )
