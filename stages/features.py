"""The one question: is this milestone active?

It is when the profile's stage reaches it, its flag is on, and everything it requires is active. Wherever a request is
being served, that request's user counts (per user, per group, percentage); elsewhere a flag counts only when it is on
for everyone. All the flags of one request cost one query together, two where one is rolled out.
"""

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest

from stages.catalog import Milestone, Stage, catalog
from stages.flags import RequestFlags, current_flags, flags_of

# What a stub of `stages start` raises; offered here, where everything else is that the CRM asks the curriculum.
from stages.not_written_yet import NotWrittenYet as NotWrittenYet  # noqa: PLC0414  # an export is said so


def is_active(slug: str, request: HttpRequest | None = None) -> bool:
    """Whether the milestone is active, for this request where there is one. Raises UnknownMilestoneError."""
    nobody_asks = request is None and current_flags.get() is None
    return is_chain_active(catalog().chain(slug), flags_of(request), for_everyone=nobody_asks)


def active_slugs(request: HttpRequest) -> tuple[str, ...]:
    """All that is active for this request, in the order of the curriculum: what a page stored for later depends on."""
    flags = flags_of(request)
    chains = [catalog().chain(milestone.slug) for milestone in catalog()]
    return tuple(chain[-1].slug for chain in chains if is_chain_active(chain, flags, for_everyone=False))


def is_active_for_everyone(slug: str) -> bool:
    """Whether it is on for everyone: for what acts on all at once, such as a push. Raises UnknownMilestoneError."""
    return is_chain_active(catalog().chain(slug), flags_of(None), for_everyone=True)


def is_active_for_user(slug: str, user: AbstractBaseUser | AnonymousUser) -> bool:
    """The same question where there is a user but no HTTP request, such as a socket's handshake."""
    request = HttpRequest()
    request.user = user  # type: ignore[assignment]  # django-stubs knows only the concrete user model
    return is_active(slug, request)


def is_chain_active(chain: tuple[Milestone, ...], flags: RequestFlags, *, for_everyone: bool) -> bool:
    """The answer for the last milestone of its chain. No flag is read where the profile already decides."""
    if not is_reachable(chain):
        return False
    is_on = flags.is_on_for_everyone if for_everyone or chain[-1].everyone_only else flags.is_on
    return all(is_on(milestone.slug) for milestone in switched(chain))


def ceiling() -> Stage:
    """The stage of the running profile."""
    return Stage(settings.CRM_STAGE)


def is_reachable(chain: tuple[Milestone, ...]) -> bool:
    """Whether the running profile contains the milestone and all it requires, and they are built. Needs no query."""
    reach = ceiling()
    return all(reach.reaches(milestone.stage) and not milestone.planned for milestone in chain)


def switched(chain: tuple[Milestone, ...]) -> tuple[Milestone, ...]:
    """Those of the chain whose flag has a say; none where everything is locked."""
    if settings.CRM_LOCKED:
        return ()
    return tuple(milestone for milestone in chain if milestone.switchable)
