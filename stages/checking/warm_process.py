"""Runs pytest as a fork of a process that has the third-party packages loaded already: stages/checking/warm.py.

Where a system cannot fork (Windows) there is none, and each run starts again.
"""

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from stages.catalog import ROOT
from stages.checking.starting import Ended, Start, environment, in_a_new_process, last_lines, started_by

SCRIPT = Path(__file__).with_name("warm.py")
CANNOT_FORK = "This system cannot fork, so that each run starts again and takes a few seconds longer."


class WarmProcess:
    """The warm process and the one run at a time that it is asked for."""

    def __init__(self, root: Path = ROOT) -> None:
        # -P: the script's folder is not searched for modules. A session of its own: Ctrl-C is ours to answer.
        self.process = subprocess.Popen(  # noqa: S603  # our own script
            [sys.executable, "-P", str(SCRIPT)],
            cwd=root,
            env=environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def run(self, arguments: Sequence[str], seconds: float) -> Ended:
        """What a run of pytest ended with; from a new process when the warm one is gone."""
        with tempfile.TemporaryDirectory() as folder:
            output = Path(folder, "output.txt")
            status = self._ask({"arguments": list(arguments), "output": str(output), "seconds": seconds})
            if status is None:
                return in_a_new_process(arguments, seconds)
            return Ended(status, last_lines(output))

    def _ask(self, run: dict[str, object]) -> int | None:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        try:
            self.process.stdin.write(f"{json.dumps(run)}\n")
            self.process.stdin.flush()
            status: int = json.loads(self.process.stdout.readline())["status"]
        except (OSError, ValueError):
            return None
        return status

    def close(self) -> None:
        """Ends it together with a run that is still going on."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.communicate()


@contextmanager
def warm_process() -> Iterator[Start | None]:
    """While this lasts the checks are run by a warm process; None where there can be none."""
    if not hasattr(os, "fork"):
        yield None
        return
    warm = WarmProcess()
    token = started_by.set(warm.run)
    try:
        yield warm.run
    finally:
        started_by.reset(token)
        warm.close()
