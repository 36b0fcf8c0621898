"""Who may go on listening.

A socket outlives the request that opened it, and so it would outlive a logout. Each one is let in by a `Pass`, and
each process looks again whether its passes are still good: at once when leaving.py says that something changed, and
every few seconds for what sends no signal, such as `QuerySet.update()` or a layer that was down.
"""

import asyncio
import logging
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any, Protocol
from weakref import WeakKeyDictionary

from channels.db import database_sync_to_async
from django.contrib.auth import get_user_model
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.sessions.models import Session
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from stages.features import is_active_for_everyone, is_active_for_user

logger = logging.getLogger(__name__)

INTERVAL = 2.0


@dataclass(frozen=True)
class Pass:
    """What a socket was let in by: this account, with this password's hash, in this session."""

    user_id: int
    password: str
    session_key: str


class Guest(Protocol):
    """What a consumer has to offer."""

    async def turn_out(self) -> None: ...


class Door:
    """The sockets of one event loop; it looks after them while there are any."""

    def __init__(self) -> None:
        self.guests: dict[Guest, Pass] = {}
        self._lock = asyncio.Lock()
        self._next: asyncio.Task[None] | None = None
        self._watch: asyncio.Task[None] | None = None

    def join(self, guest: Guest, shown: Pass) -> None:
        self.guests[guest] = shown
        if self._watch is None:
            self._watch = asyncio.create_task(self._watch_on())

    def leave(self, guest: Guest) -> None:
        self.guests.pop(guest, None)
        if self._watch is not None and not self.guests:
            self._watch.cancel()
            self._watch = None

    async def look(self) -> None:
        """Closes every socket whose pass is good no longer. Who asks while a look is under way shares the next one."""
        if self._next is None:
            self._next = asyncio.create_task(self._look())
        await asyncio.shield(self._next)

    async def _look(self) -> None:
        async with self._lock:
            self._next = None
            shown = dict(self.guests)
            good = await database_sync_to_async(still_good)(set(shown.values()))
            for guest in [guest for guest, its_pass in shown.items() if its_pass not in good]:
                self.leave(guest)
                await guest.turn_out()

    async def _watch_on(self) -> None:
        while True:
            await asyncio.sleep(INTERVAL)
            try:
                await self.look()
            except Exception as error:  # the database is away: next time
                logger.warning("Cannot look who may still listen: %s", error)


def pass_of(scope: dict[str, Any]) -> Pass:
    """The pass of a handshake whose user may listen."""
    user = scope["user"]
    return Pass(user.pk, user.get_session_auth_hash(), scope["session"].session_key)


def still_good(passes: Collection[Pass]) -> set[Pass]:
    """Those whose account is active and has the same password, whose session lasts, and for whom the milestone is on.

    Three queries, however many there are; more only while the milestone is on for some.
    """
    found = get_user_model()._default_manager.filter(is_active=True, pk__in={one.user_id for one in passes})
    users = those_with_the_milestone(found)
    sessions = lasting_sessions({one.session_key for one in passes})
    return {
        one
        for one in passes
        if one.user_id in users
        and one.session_key in sessions
        and constant_time_compare(one.password, users[one.user_id].get_session_auth_hash())
    }


def lasting_sessions(keys: Collection[str]) -> set[str]:
    """Those of the sessions that neither ended nor expired."""
    lasting = Session.objects.filter(session_key__in=keys, expire_date__gt=timezone.now())
    return set(lasting.values_list("session_key", flat=True))


def those_with_the_milestone(users: Iterable[AbstractBaseUser]) -> dict[int, AbstractBaseUser]:
    """Those for whom the milestone is on, by id."""
    on_for_everyone = is_active_for_everyone("live-orders")
    return {user.pk: user for user in users if on_for_everyone or is_active_for_user("live-orders", user)}


_doors: WeakKeyDictionary[asyncio.AbstractEventLoop, Door] = WeakKeyDictionary()


def door() -> Door:
    """The door of the running event loop."""
    return _doors.setdefault(asyncio.get_running_loop(), Door())
