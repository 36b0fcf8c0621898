"""The graded project, serving: `runserver` as it is installed, which with daphne among its apps serves sockets too."""

import socket
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import httpx

from grading.commands import bounded, ended, last_line, started
from grading.questions import QuestionFailed, Questions
from grading.verdicts import CannotStartError, Fails, NotJudged
from grading.visitor import Visitor
from grading.workplace import Workplace

PASSWORD = "graded-Password-1"  # noqa: S105  # of accounts in a database that is thrown away
READY = 90
# What Python and Django say of a name that is not there.
MISSING = {
    "ImportError",
    "ModuleNotFoundError",
    "AttributeError",
    "FieldDoesNotExist",
    "FieldError",
    "RuntimeError",
}
PEOPLE = f"""
from django.contrib.auth import get_user_model
User = get_user_model()
for name, kind in (("learner", {{}}), ("boss", {{"is_staff": True, "is_superuser": True}})):
    if not User.objects.filter(**{{User.USERNAME_FIELD: name}}).exists():
        user = User(**{{User.USERNAME_FIELD: name}}, is_active=True, **kind)
        user.set_password({PASSWORD!r})
        user.save()
"""
# `mini_crm.asgi.application` as `mini_crm.asgi:application`; empty where runserver is the one to take.
ASGI = """
import importlib.util
from django.conf import settings
from django.core.management import get_commands
named = getattr(settings, "ASGI_APPLICATION", None) or ""
wanted = named and get_commands()["runserver"] in ("django.core", "django.contrib.staticfiles")
answer = ":".join(named.rsplit(".", 1)) if wanted and importlib.util.find_spec("daphne") else ""
"""


class Served:
    """A running project: visitors go to it, and questions are asked of its own interpreter."""

    def __init__(self, place: Workplace, port: int, questions: Questions) -> None:
        self.place, self.port, self.questions = place, port, questions
        self.url = f"http://127.0.0.1:{port}"
        self.tests: int | None = None  # of its own that pass, once they have been run
        self._visitors: dict[str, Visitor] = {}

    def visitor(self, name: str = "guest") -> Visitor:
        """`guest`, `learner` (an account) or `boss` (a superuser). Signed in once, where there is a login."""
        if name not in self._visitors:
            found = Visitor(self.url)
            if name != "guest":
                found.sign_in(name, PASSWORD)
            self._visitors[name] = found
        return self._visitors[name]

    def asked(self, code: str) -> Any:
        """What `answer` is after this code, run by the project's own `manage.py shell`. Raises NotJudged."""
        return self.questions.ask(code)

    def contract(self, code: str, did: str, expected: str) -> Any:
        """The same, where what the code names is the seed's own word: that it is missing is a failure. Raises Fails."""
        try:
            return self.questions.ask(code)
        except QuestionFailed as error:
            if error.kind in MISSING:
                raise Fails(did, expected, f"{error.kind}: {error.error}"[:200]) from None
            raise

    def close(self) -> None:
        for one in self._visitors.values():
            one.browser.close()
        self.questions.close()


@contextmanager
def served(place: Workplace) -> Iterator[Served]:
    """Migrated, with two accounts, and answering. Raises CannotStartError."""
    place.must("The start (manage.py check)", "manage.py", "check")
    place.must("The migrations (manage.py migrate)", "manage.py", "migrate", "--no-input")
    questions = Questions(place)
    try:
        questions.ask(PEOPLE)
    except NotJudged as error:
        questions.close()
        raise CannotStartError(f"No account could be made: {error}") from None
    port, log = free_port(), place.home / "server.log"
    command = bounded([str(place.python), *server(questions, port)])
    process = started(command, cwd=place.code, env=place.env, log=log)
    found = Served(place, port, questions)
    try:
        wait_until_it_answers(found.url, process, log)
        yield found
    finally:
        found.close()
        ended(process)


def server(questions: Questions, port: int) -> list[str]:
    """`runserver`; daphne where that is installed, an ASGI application named, and runserver would serve no socket."""
    application = questions.ask(ASGI)
    if application:
        return ["-m", "daphne", "--bind", "127.0.0.1", "--port", str(port), application]
    return ["manage.py", "runserver", f"127.0.0.1:{port}", "--noreload"]


def wait_until_it_answers(url: str, process: Any, log: Path) -> None:
    deadline = time.monotonic() + READY
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise CannotStartError(f"The server ended at once: {last_line(log.read_text(errors='replace'))}")
        try:
            httpx.get(url, timeout=10, trust_env=False)
        except httpx.ConnectError:
            time.sleep(0.2)
        except httpx.HTTPError:
            return
        else:
            return
    raise CannotStartError(f"The server did not answer within {READY} seconds.")


def free_port() -> int:
    with closing(socket.socket()) as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
