"""What each group sees of each milestone, as a table."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.contrib.auth.models import Group
from waffle.models import Flag

from stages.catalog import Milestone, catalog
from stages.features import is_reachable, switched
from stages.rollout import can_be_rolled_out

# More columns than this are no table any more; the page says that there are others.
GROUPS_SHOWN = 12


@dataclass(frozen=True)
class Cell:
    """For how many per cent of a column's people the milestone is on; None where the profile does not reach it."""

    share: Decimal | None

    @property
    def state(self) -> str:
        if self.share is None:
            return "beyond"
        return {Decimal(0): "off", Decimal(100): "on"}.get(self.share, "share")

    def __str__(self) -> str:
        """“on”, “off” or “50 %”, as it is."""
        if self.share is None:
            return "–"
        return f"{self.share.normalize():f} %" if self.state == "share" else self.state


@dataclass(frozen=True)
class Line:
    """A milestone, what each of the columns sees of it, and who sees it by name."""

    milestone: Milestone
    cells: tuple[Cell, ...]
    users: tuple[str, ...]

    @property
    def can_be_edited(self) -> bool:
        return can_be_rolled_out(self.milestone) and self.cells[0].share is not None


@dataclass(frozen=True)
class Table:
    columns: tuple[str, ...]
    lines: tuple[Line, ...]
    more_groups: int

    @property
    def width(self) -> int:
        """Its columns in HTML, with that of the milestones and that of the links to change one."""
        return len(self.columns) + 2


def seen_by_groups() -> Table:
    """What a guest, somebody logged in without a group, and a plain member of each group see. Four queries."""
    groups = list(Group.objects.order_by("name"))
    stored = Flag.objects.prefetch_related("groups", "users")  # type: ignore[misc]  # stubs see its abstract base
    flags = {flag.name: flag for flag in stored}
    shown: Sequence[Group] = groups[:GROUPS_SHOWN]
    lines = [
        Line(
            step,
            (_cell(step, flags, None, guest=True), *(_cell(step, flags, group) for group in (None, *shown))),
            _users(flags.get(step.slug)),
        )
        for step in catalog()
        if step.switchable
    ]
    columns = ("Guests", "Logged in", *(group.name for group in shown))
    return Table(columns, tuple(lines), len(groups) - len(shown))


def _users(flag: Flag | None) -> tuple[str, ...]:
    """Those its flag lists by name, where the list counts."""
    if flag is None or flag.everyone is not None:
        return ()
    return tuple(sorted(user.get_username() for user in flag.users.all()))


def _cell(milestone: Milestone, flags: dict[str, Flag], group: Group | None, *, guest: bool = False) -> Cell:
    """The least that the milestone and what it requires allow."""
    chain = catalog().chain(milestone.slug)
    if not is_reachable(chain):
        return Cell(None)
    shares = [
        _share(flags.get(step.slug), group, guest=guest, everyone_only=milestone.everyone_only)
        for step in switched(chain)
    ]
    return Cell(min(shares, default=Decimal(100)))


def _share(flag: Flag | None, group: Group | None, *, guest: bool, everyone_only: bool) -> Decimal:
    """For how many per cent of such visitors the flag is on."""
    if flag is None or flag.everyone:
        return Decimal(100)
    if flag.everyone is False or everyone_only:
        return Decimal(0)
    listed = group is not None and group in flag.groups.all()
    if listed or (flag.authenticated and not guest):
        return Decimal(100)
    return Decimal(flag.percent or 0)
