"""The warm process of `stages check --watch`: it has the third-party packages loaded, and forks for each run of pytest.

Started as a script and never imported: nothing of the project may be loaded here, so that each run reads the files as
they were just saved. Each line of its input is one run as JSON: the `arguments` of pytest, the `output` file and the
`seconds` it may take. Each line it writes is the `status` the run ended with.
"""

import importlib
import json
import os
import signal
import sys
import time
import warnings

# Importing these opens an event loop, which two processes must not share.
NEVER = ("autobahn", "daphne", "twisted")
PAUSE = 0.01
TOO_LONG = 124  # as the command `timeout` ends


def main() -> None:
    warnings.simplefilter("ignore")
    refused: set[str] = set()
    for line in sys.stdin:
        status, names = in_a_fork(json.loads(line))
        print(json.dumps({"status": status}), flush=True)  # noqa: T201  # the answer itself
        load(names, refused)


def in_a_fork(run: dict) -> tuple[int, list[str]]:
    """The status of one run, and the third-party modules it had to load."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        in_the_child(run, writing)
    os.close(writing)
    status = waited_for(child, run["seconds"])
    with os.fdopen(reading, encoding="utf-8") as told:
        return status, told.read().split()


def in_the_child(run: dict, writing: int) -> None:
    """Never returns. What the run prints goes into its file, no matter who prints it."""
    output = os.open(run["output"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    for stream in (1, 2):
        os.dup2(output, stream)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    sys.path.insert(0, "")
    pytest = importlib.import_module("pytest")
    status = int(pytest.main(["-W", "ignore::pytest.PytestAssertRewriteWarning", *run["arguments"]]))
    sys.stdout.flush()
    sys.stderr.flush()
    os.write(writing, " ".join(third_party()).encode()[:60_000])
    # Not sys.exit: what the parent has registered for its own end is not ours to run.
    os._exit(status)


def waited_for(child: int, seconds: float) -> int:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            return os.waitstatus_to_exitcode(status)
        time.sleep(PAUSE)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return TOO_LONG


def third_party() -> list[str]:
    """Everything loaded from site-packages, in the order in which it was loaded."""
    return [
        name
        for name, module in list(sys.modules.items())
        if "site-packages" in (getattr(module, "__file__", None) or "")
        and name.partition(".")[0] not in NEVER
    ]


def load(names: list[str], refused: set[str]) -> None:
    """While the learner reads. What needs Django's settings refuses and is not tried again."""
    for name in names:
        if name not in sys.modules and name not in refused:
            try:
                importlib.import_module(name)
            except Exception:
                refused.add(name)


if __name__ == "__main__":
    main()
