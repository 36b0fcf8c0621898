"""waffle's flags as one page needs them: one query for all of them, two where one is rolled out."""

from collections.abc import Iterable
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db import models
from waffle.models import AbstractUserFlag, Flag

Visitor = AbstractBaseUser | AnonymousUser

# Written out because every page asks it then: building the same query from annotations takes Django longer than the
# database takes to answer it. A guest's key is NULL, which equals nothing.
SEEN_BY = """
SELECT flag.*,
  EXISTS (SELECT 1 FROM waffle_flag_users listed WHERE listed.flag_id = flag.id) AS lists_users,
  EXISTS (SELECT 1 FROM waffle_flag_groups listed WHERE listed.flag_id = flag.id) AS lists_groups,
  EXISTS (SELECT 1 FROM waffle_flag_users listed WHERE listed.flag_id = flag.id AND listed.user_id = %s) AS for_user,
  EXISTS (
    SELECT 1 FROM waffle_flag_groups listed
    JOIN auth_user_groups member ON member.group_id = listed.group_id
    WHERE listed.flag_id = flag.id AND member.user_id = %s
  ) AS for_group
FROM waffle_flag flag
"""


class MilestoneFlagManager(models.Manager["MilestoneFlag"]):
    def seen_by(self, user: Visitor) -> Iterable["MilestoneFlag"]:
        """All flags. Where each is on or off for everyone, that is all that is read, and it is all that matters.

        Otherwise one query more, with whether each lists this user or one of their groups, and anybody at all.
        """
        decided = list(self.only("name", "everyone"))
        if all(flag.everyone is not None for flag in decided):
            return decided
        return self.raw(SEEN_BY, [user.pk, user.pk])


class MilestoneFlag(Flag):
    """A stock waffle flag. Read through `seen_by`, it answers for users and groups without another query."""

    for_user: bool | None = None
    for_group: bool | None = None
    lists_users: bool = False
    lists_groups: bool = False

    objects: ClassVar[MilestoneFlagManager] = MilestoneFlagManager()  # type: ignore[assignment]  # narrower than waffle's

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
        if self.everyone is not None:
            return False
        listed = self.lists_users or self.lists_groups
        ranks = self.staff or self.superusers or self.authenticated
        return bool(listed or ranks or self.percent or self.languages or self.testing)
