"""Sets the flags that a test runs under. They are ordinary waffle rows, so everything reads them as it always does."""

from collections.abc import Iterable

import waffle
from django.db.models import Model

from stages.catalog import Milestone, catalog

MODES = ("own", "all", "off")


class Milestones:
    """The switchboard of one test: which milestones are on for everyone. The profile stays the ceiling above it."""

    def only(self, *slugs: str) -> None:
        """These and what they require on, all others off."""
        self._set(with_requirements(slugs), True)
        self._set(all_slugs() - with_requirements(slugs), False)

    def on(self, *slugs: str) -> None:
        """These and what they require on, the others left as they are."""
        self._set(with_requirements(slugs), True)

    def off(self, *slugs: str) -> None:
        """These off, the others left as they are. What depends on them goes off with them by itself."""
        self._set({catalog().get(slug).slug for slug in slugs}, False)

    def everything(self) -> None:
        self._set(all_slugs(), True)

    def row(self, slug: str) -> Model:
        """The waffle flag itself, for a roll-out to a group, a user or a percentage."""
        return waffle.get_waffle_flag_model().objects.get(name=catalog().get(slug).slug)

    def for_file(self, milestone: Milestone | None, mode: str) -> None:
        """What a test file of this milestone starts with, in one of the three MODES.

        own: the milestone and what it requires. all: everything. off: only what it requires. A file without a
        milestone starts with everything on.
        """
        if milestone is None or mode == "all":
            self.everything()
        elif mode == "own":
            self.only(milestone.slug)
        else:
            self.only(*(required.slug for required in catalog().requirements(milestone.slug)))

    def _set(self, slugs: Iterable[str], everyone: bool) -> None:
        waffle.get_waffle_flag_model().objects.filter(name__in=slugs).update(everyone=everyone)


def with_requirements(slugs: Iterable[str]) -> set[str]:
    """These slugs and all they require. Raises UnknownMilestoneError for a slug the curriculum does not have."""
    found = {catalog().get(slug).slug for slug in slugs}
    return found | {required.slug for slug in found for required in catalog().requirements(slug)}


def all_slugs() -> set[str]:
    return {milestone.slug for milestone in catalog().milestones}
