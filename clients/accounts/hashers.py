"""How passwords are hashed: dear for a thief with a copy of the table, bounded for the server that checks them."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from django.contrib.auth.hashers import Argon2PasswordHasher

# A hash that was made with Django's own parameters takes 100 MiB until its owner logs in again. Two of those in each of
# gunicorn's two processes stay below web's memory limit; new hashes take a fifth of it, for some 30 ms.
AT_ONCE: Final = 2
PATIENCE_SECONDS: Final = 5.0

_turns = threading.BoundedSemaphore(AT_ONCE)


class TooManyPasswordsError(Exception):
    """This password's turn did not come in time. BusyMiddleware answers with a page that says so."""


@contextmanager
def turn() -> Iterator[None]:
    """Waits until fewer than AT_ONCE passwords are worked out. Raises TooManyPasswordsError after PATIENCE_SECONDS."""
    if not _turns.acquire(timeout=PATIENCE_SECONDS):
        raise TooManyPasswordsError
    try:
        yield
    finally:
        _turns.release()


class SmallArgon2Hasher(Argon2PasswordHasher):
    """Argon2id with the smaller parameters that OWASP recommends: 19 MiB, two passes, one lane.

    Hashes with other parameters are recognised by Django, which makes a new one when their owner logs in. An unknown
    name costs one new hash, as a wrong password for a known one does, so the time does not tell which names exist.
    """

    memory_cost = 19 * 1024
    time_cost = 2
    parallelism = 1

    def encode(self, password: str, salt: str) -> str:
        with turn():
            return super().encode(password, salt)

    def verify(self, password: str, encoded: str) -> bool:
        with turn():
            return super().verify(password, encoded)
