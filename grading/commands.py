"""Other people's programs, run with little: an environment of their own, bounds, and no way past the end of the run."""

import os
import shutil
import signal
import subprocess
import threading
from contextlib import suppress
from pathlib import Path

MEMORY, FILE, OUTPUT = 4 * 2**30, 256 * 2**20, 20_000
# What a project may need to start at all, and must not be ours.
NEEDED = {
    "SECRET_KEY": "of-the-grader-and-of-nothing-else-in-the-world",
    "DJANGO_SECRET_KEY": "of-the-grader-and-of-nothing-else-in-the-world",
    "DEBUG": "1",
    "CELERY_TASK_ALWAYS_EAGER": "1",
    "PYTHONUNBUFFERED": "1",
    "LANG": "C.UTF-8",
}

# Of all threads that grade: whoever stops the list ends them.
_under_way: set["subprocess.Popen[bytes]"] = set()
_stopping = threading.Event()


def environment(home: Path, python: Path, **more: str) -> dict[str, str]:
    """None of our variables, so none of our secrets."""
    path = f"{python.parent}:/usr/local/bin:/usr/bin:/bin"
    return {
        **NEEDED,
        "HOME": str(home),
        "TMPDIR": str(home),
        "PATH": path,
        **more,
    }


def bounded(command: list[str]) -> list[str]:
    """The same with bounds on memory and the size of a file, for all that it starts too; as it is without prlimit."""
    if not shutil.which("prlimit"):
        return command
    return ["prlimit", f"--as={MEMORY}", f"--fsize={FILE}", "--core=0", *command]


def started(command: list[str], *, cwd: Path, env: dict[str, str], log: Path) -> "subprocess.Popen[bytes]":
    """In a session of its own, so that it can be ended with all its children.

    Raises KeyboardInterrupt when everything is being stopped.
    """
    with log.open("ab") as output:
        process = subprocess.Popen(
            command,
            cwd=cwd,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    _under_way.add(process)
    if is_stopping():
        ended(process)
        raise KeyboardInterrupt
    return process


def ended(process: "subprocess.Popen[bytes]") -> None:
    """It and its children."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    _under_way.discard(process)


def stop_all() -> None:
    """Asks everything under way to end, and nothing is started after it."""
    _stopping.set()
    for process in _under_way.copy():
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)


def is_stopping() -> bool:
    return _stopping.is_set()


def output_of(
    command: list[str], *, cwd: Path, env: dict[str, str], seconds: float
) -> tuple[int | None, str]:
    """Its exit status, None when it took too long, and the end of what it said."""
    log = Path(env["TMPDIR"]) / f"said-{os.urandom(6).hex()}.log"
    process = started(command, cwd=cwd, env=env, log=log)
    status: int | None = None
    try:
        status = process.wait(seconds)
    except subprocess.TimeoutExpired:
        pass
    finally:
        ended(process)
    said = log.read_bytes()[-OUTPUT:].decode(errors="replace")
    log.unlink()
    return status, said


def last_line(said: str) -> str:
    """What matters most of a traceback or a message: its last line that says anything."""
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    return lines[-1][:300] if lines else "it said nothing"
