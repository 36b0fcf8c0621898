"""Runs every command of README.md in a fresh clone: `python -m scripts.readme_commands`.

Each command must have its place in `HOW`, so that one which nobody runs cannot be added to README.md; a test holds that
too. The clone is made of the last commit, in a temporary folder that is removed again. Exits 1 at the first failure.
"""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# From the command to the first answer of /health/, installing included. 90 are promised, and they are printed; a
# machine that is busy with other things does not fail for being slow.
SECONDS_TO_HEALTH = 400
ANSWERS = {
    "DJANGO_SUPERUSER_USERNAME": "reader",
    "DJANGO_SUPERUSER_EMAIL": "reader@mail.com",
    "DJANGO_SUPERUSER_PASSWORD": "as the README says",
}


BLOCK = re.compile(r"^```(bash|python|text)\n(.*?)^```", flags=re.MULTILINE | re.DOTALL)
# What `stages start` has put where a reader writes.
STUB = re.compile(r"^ *# Yours to write:.*\n(?:.*\n)*? *raise NotWrittenYet\(\d+\)\n", re.MULTILINE)
PRACTISED = "clients/forms.py"


def commands(text: str) -> list[str]:
    """The lines of all ```bash blocks in their order, without comments and blank lines."""
    return [line for language, block in BLOCK.findall(text) if language == "bash" for line in lines_of(block)]


def lines_of(block: str) -> list[str]:
    lines = [re.sub(r"\s+# .*", "", line).strip() for line in block.splitlines()]
    return [line for line in lines if line and not line.startswith("#")]


def environment(place: Path) -> dict[str, str]:
    """What a shell has after `source .venv/bin/activate` in the clone, and nothing of this run's own settings."""
    ours = {
        "DATABASE_URL",
        "REDIS_URL",
        "DJANGO_SETTINGS_MODULE",
        "PYTHONPATH",
        "MAKEFLAGS",
        "MAKELEVEL",
        "VIRTUAL_ENV",
    }
    kept = {name: value for name, value in os.environ.items() if name not in ours}
    outside = [entry for entry in kept["PATH"].split(os.pathsep) if entry != str(ROOT / ".venv" / "bin")]
    return kept | {
        "PATH": os.pathsep.join([str(place / ".venv" / "bin"), *outside]),
        # The same tests, sooner.
        "PYTEST_ADDOPTS": "-n auto --maxprocesses 4",
    }


def runs(command: str, place: Path) -> None:
    subprocess.run(["bash", "-c", command], cwd=place, env=environment(place), check=True)


def tells(command: str, place: Path) -> str:
    """What a command printed whose status may be 1: a check that is red."""
    ended = subprocess.run(
        ["bash", "-c", command],
        cwd=place,
        env=environment(place),
        capture_output=True,
        text=True,
        check=False,
    )
    print(ended.stdout + ended.stderr, flush=True)
    if ended.returncode not in (0, 1):
        sys.exit(f"`{command}` ended with status {ended.returncode}.")
    return ended.stdout


def writes(code: str, place: Path) -> None:
    """Writes the code where the first stub stands, as a reader does."""
    path = place / PRACTISED
    text, count = STUB.subn(lambda found: code, path.read_text(encoding="utf-8"), count=1)
    if not count:
        sys.exit(f"{PRACTISED} has no place to write in any more.")
    path.write_text(text, encoding="utf-8")


def compares(promised: str, printed: str) -> None:
    """Every line that README.md shows is the beginning of one that was printed, in this order."""
    lines = iter(printed.splitlines())
    for line in promised.splitlines():
        if not any(one.startswith(line) for one in lines):
            sys.exit(f"README.md says that this is printed, and it is not: {line}")


def asks(command: str, place: Path) -> None:
    """A command that asks questions gets the answers from the environment."""
    subprocess.run(
        ["bash", "-c", f"{command} --noinput"], cwd=place, env=environment(place) | ANSWERS, check=True
    )


def collects(command: str, place: Path) -> None:
    """All tests are found and can be imported; that they pass is what `make test` has just shown of the same ones."""
    runs(f"{command} --collect-only", place)


def ci_runs(command: str, place: Path) -> None:
    """.ci/run calls this one itself, in the clone that it runs in."""
    text = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    if f"step {command}\n" not in text:
        sys.exit(f"README.md says `{command}`, and .ci/run does not call it.")


def serves(command: str, place: Path) -> None:
    """Starts a server on a free port, waits until /health/ answers `ok`, and stops the server."""
    port = free_port()
    line = command if "make" in command else f"{command} {port}"
    with (place / "server.log").open("w+") as log:
        server = subprocess.Popen(
            ["bash", "-c", line],
            cwd=place,
            env=environment(place) | {"PORT": str(port)},
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            seconds = wait_for_health(server, port)
        except TimeoutError as error:
            log.seek(0)
            sys.exit(f"{log.read()}\n`{command}`: {error}")
        finally:
            stop(server)
    print(f"   /health/ answered ok after {seconds:.0f} s", flush=True)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return taken.getsockname()[1]


def wait_for_health(server: subprocess.Popen, port: int) -> float:
    """Seconds until /health/ said `ok`. Raises TimeoutError when it does not, or the server has ended."""
    started = time.monotonic()
    while (waited := time.monotonic() - started) < SECONDS_TO_HEALTH:
        if server.poll() is not None:
            raise TimeoutError(f"ended with status {server.returncode} before /health/ answered")
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/health/", timeout=5) as answer:
                if answer.read() == b"ok":
                    return waited
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise TimeoutError(f"/health/ did not answer within {SECONDS_TO_HEALTH} seconds")


def stop(server: subprocess.Popen) -> None:
    """Ends the server and what it has started: it leads a process group of its own."""
    try:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(timeout=15)
    except ProcessLookupError:
        return
    except subprocess.TimeoutExpired:
        os.killpg(server.pid, signal.SIGKILL)


HOW: dict[str, Callable[[str, Path], str | None]] = {
    "make demo": serves,
    "make test": ci_runs,
    "python3 -m venv .venv": runs,
    "source .venv/bin/activate": runs,
    "pip install -r requirements.txt": runs,
    "python manage.py migrate": runs,
    "python manage.py createsuperuser": asks,
    "python manage.py runserver": serves,
    "pytest -q": collects,
    "make demo STAGE=junior": serves,
    "python manage.py stages list": runs,
    "python manage.py stages off avatars": runs,
    "python manage.py stages on avatars": runs,
    "python manage.py stages check avatars": runs,
    "pytest tests/middle": runs,
    "python manage.py stages start 3": tells,
    "python manage.py stages check 3": tells,
    "python manage.py stages hint 3": tells,
    "python manage.py stages compare 3": tells,
    "python manage.py stages restore 3": tells,
}


def follow(text: str, place: Path) -> None:
    """Does what README.md says, block by block; what it promises to be printed is compared with what was."""
    printed = ""
    for language, block in BLOCK.findall(text):
        if language == "python":
            writes(block, place)
        elif language == "text":
            compares(block, printed)
            printed = ""
        else:
            for command in lines_of(block):
                print(f"\n$ {command}", flush=True)
                started = time.monotonic()
                printed += HOW[command](command, place) or ""
                print(f"   {time.monotonic() - started:.1f} s", flush=True)


def main() -> None:
    place = Path(tempfile.mkdtemp(prefix="readme-")) / "mini-crm"
    subprocess.run(["git", "clone", "--quiet", str(ROOT), str(place)], check=True)
    try:
        follow((place / "README.md").read_text(encoding="utf-8"), place)
    except subprocess.CalledProcessError as error:
        sys.exit(f"README.md: {error}")
    finally:
        shutil.rmtree(place.parent)


if __name__ == "__main__":
    main()
