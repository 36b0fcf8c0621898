"""A lock between processes: who works on a file that several write does it alone."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

if sys.platform == "win32":
    import msvcrt

    def _wait_for(lock: IO[str]) -> None:
        msvcrt.locking(lock.fileno(), msvcrt.LK_LOCK, 1)
else:
    import fcntl

    def _wait_for(lock: IO[str]) -> None:
        fcntl.flock(lock, fcntl.LOCK_EX)


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Closing the file gives the lock back, and so does the end of the process, however it ends."""
    with path.open("a", encoding="utf-8") as lock:
        _wait_for(lock)
        yield
