"""Loaded by each Python whose clock is moved (tests/faults/test_clock.py), before anything else.

Debian's libfaketime 0.9.10 cannot sleep until a moment of the monotonic clock, which only `time.sleep` does.
"""

import select
import time


def sleep(seconds: float) -> None:
    select.select([], [], [], seconds)


time.sleep = sleep
