"""Has a picture drawn again in a process of its own: `child.py` says what holds there."""

import json
import logging
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore
from typing import Final

from django.conf import settings
from django.core.files.base import File

from clients.avatars import child
from clients.avatars.drawing import RefusedPictureError

logger = logging.getLogger(__name__)

# What Python ends with after an exception that nobody has caught.
UNCAUGHT: Final = 1
# More than child.CPU_SECONDS: on a busy machine they take longer, and on Windows this is the only bound.
SECONDS: Final = 25
PATIENCE: Final = 10
# A decoded picture takes 100 MB and a processor, so there is one at a time in each process of the web server.
# The few that may wait for it leave most of the eight threads to the pages.
drawing_now = BoundedSemaphore(1)
drawing_or_waiting = BoundedSemaphore(3)


def drawn_apart(upload: File) -> bytes:
    """The upload as a WebP, see `drawing.drawn_anew`.

    Raises RefusedPictureError, with `busy` when too many came at once.
    """
    with turn():
        upload.seek(0)
        return answer_of(run_child(upload.read()))


@contextmanager
def turn() -> Iterator[None]:
    """While the block runs, no other picture is decoded in this process.

    Raises RefusedPictureError when that takes too long.
    """
    if not drawing_or_waiting.acquire(blocking=False):
        raise RefusedPictureError("busy")
    try:
        if not drawing_now.acquire(timeout=PATIENCE):
            raise RefusedPictureError("busy")
        try:
            yield
        finally:
            drawing_now.release()
    finally:
        drawing_or_waiting.release()


def run_child(content: bytes) -> subprocess.CompletedProcess[bytes]:
    try:
        return subprocess.run(  # noqa: S603  # our own interpreter with our own module
            [sys.executable, "-m", child.__name__],
            input=content,
            capture_output=True,
            cwd=settings.BASE_DIR,
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise RefusedPictureError("too_demanding") from error


def answer_of(ended: subprocess.CompletedProcess[bytes]) -> bytes:
    """The picture.

    Raises RefusedPictureError, and CalledProcessError when the fault is ours, as when Pillow is missing.
    """
    if ended.returncode == child.REFUSED:
        raise RefusedPictureError(**json.loads(ended.stdout))
    if ended.returncode == UNCAUGHT:
        logger.error("The decoder of pictures failed: %s", ended.stderr.decode(errors="replace"))
        ended.check_returncode()
    if ended.returncode:  # minus the signal's number, when it was ended because of time, memory or a crash
        logger.warning("A picture ended its decoder: %d.", ended.returncode)
        raise RefusedPictureError("too_demanding")
    return ended.stdout
