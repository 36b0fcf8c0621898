"""A PostgreSQL for a project that insists on one: of this run alone, reached through a socket in the workplace.

A file, so that it is reached from where there is no network too. The project gets a role that may do nothing outside
the database: a superuser of PostgreSQL can run programs.
"""

import os
import pwd
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from grading.commands import last_line
from grading.verdicts import CannotStartError

WORD = "django.contrib.postgres"
# An import of it, or its name in quotes as one of several: in INSTALLED_APPS, however that is written.
INSISTS = re.compile(
    rf"""^\s*(from|import)\s+{re.escape(WORD)}|^[^#\n]*["']{re.escape(WORD)}["']\s*[,\])]""", re.MULTILINE
)
NAME = "graded"
STARTING = 60  # seconds
RULES = f"local all {NAME} trust\n"
ROLE = f"CREATE ROLE {NAME} LOGIN CREATEDB;\nCREATE DATABASE {NAME} OWNER {NAME};\n"


def is_wanted(code: Path) -> bool:
    """Whether a file of the project imports what only PostgreSQL has, or its settings install it."""
    return any(
        INSISTS.search(file.read_text(encoding="utf-8", errors="replace")) for file in code.rglob("*.py")
    )


@contextmanager
def cluster(folder: Path) -> Iterator[dict[str, str]]:
    """Django's entry for a fresh database; gone when the block ends. Raises CannotStartError."""
    as_whom: dict[str, Any] = {"user": owner()} if os.geteuid() == 0 else {}
    data = folder / "data"
    folder.mkdir()
    if as_whom:
        shutil.chown(folder, as_whom["user"])
        folder.parent.chmod(0o711)  # it must come through to its own folder
    done(["initdb", f"--pgdata={data}", "--username=postgres", "--encoding=UTF8", "--auth=reject"], **as_whom)
    (data / "pg_hba.conf").write_text(RULES)
    done(["postgres", "--single", "-D", str(data), "postgres"], input=ROLE, **as_whom)
    command = [program("postgres"), "-D", str(data), "-k", str(folder), "-c", "listen_addresses=", "-F"]
    with subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True, **as_whom
    ) as server:
        try:
            wait_for(folder / ".s.PGSQL.5432", server)
            yield {"ENGINE": "django.db.backends.postgresql", "NAME": NAME, "USER": NAME, "HOST": str(folder)}
        finally:
            server.terminate()


def owner() -> str:
    """PostgreSQL refuses to run as root, so root lends it to the user that a package has made."""
    try:
        return pwd.getpwnam("postgres").pw_name
    except KeyError:
        raise CannotStartError(f"It insists on PostgreSQL ({WORD}), which is not installed here.") from None


def program(name: str) -> str:
    """Its path, also where Debian hides it. Raises CannotStartError."""
    places = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    found = shutil.which(name) or (str(places[-1]) if places else "")
    if not found:
        raise CannotStartError(f"It insists on PostgreSQL ({WORD}), which is not installed here.")
    return found


def done(command: list[str], **options: Any) -> None:
    """Raises CannotStartError when it fails."""
    ran = subprocess.run(
        [program(command[0]), *command[1:]], capture_output=True, text=True, check=False, cwd="/", **options
    )
    if ran.returncode:
        raise CannotStartError(f"PostgreSQL's {command[0]} failed: {last_line(ran.stderr)}")


def wait_for(socket: Path, server: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + STARTING
    while not socket.exists():
        if server.poll() is not None or time.monotonic() > deadline:
            raise CannotStartError("PostgreSQL did not start.")
        time.sleep(0.1)
