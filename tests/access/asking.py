"""Asks one address as everybody and by every method, and says what came in a few lines that can be read."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.apps import apps
from django.contrib.auth import get_user_model
from django.core.cache import caches
from django.core.files.base import ContentFile
from django.db import transaction
from django.http import HttpResponse
from django.test import Client as Browser
from model_bakery import baker

from clients.models import Client, MonthlyReport, Order
from tests.addresses import HOLE
from tests.fixtures import browser_of, person

TABLE = Path(__file__).with_name("table.txt")
METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE")
SAFE = ("GET", "HEAD", "OPTIONS")
ROLES = ("guest", "learner", "manager", "admin", "token")
LOGINS = ("/accounts/login/", "/admin/login/")
# How the blocks of sockets begin in the table.
SOCKET = "socket "
PICTURE = f"{'a' * 32}.webp"


@dataclass
class Office:
    """One row of everything, and a browser of each role."""

    browsers: dict[str, Browser]

    @classmethod
    def furnished(cls) -> "Office":
        client = baker.make(Client, pk=1, name="Ada", email="ada@mail.com")
        client.avatar.save(PICTURE, ContentFile(b"picture"))
        baker.make(Order, pk=1, client=client, title="Desk", amount=1)
        report = baker.make(MonthlyReport, pk=1, month="2026-01-01", status="DONE")
        report.file.save("orders.csv", ContentFile(b"file"))
        people = {
            "learner": person("learner", is_staff=False, is_superuser=False),
            "manager": person("manager", is_staff=True, is_superuser=False),
            "admin": person("admin", is_staff=True, is_superuser=True),
        }
        return cls(
            {
                "guest": Browser(),
                **{role: browser_of(user) for role, user in people.items()},
                "token": Browser(headers={"Authorization": f"Token {token_of(people['admin'])}"}),
            }
        )

    def ask(self, role: str, method: str, route: str) -> HttpResponse:
        """The answer, read to its end; what the request has written is undone."""
        for cache in caches.all(initialized_only=True):
            cache.clear()
        with undone():
            response = self.browsers[role].generic(method, filled(route), content_type=FORM)
            b"".join(response) if response.streaming else response.content
            return response


FORM = "application/x-www-form-urlencoded"


def token_of(user: object) -> str:
    return apps.get_model("authtoken", "Token").objects.create(user=user).key


@contextmanager
def undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def filled(route: str) -> str:
    """The address of a row that is there."""
    for part, value in {"<str:month>": "2026-01", "<str:name>": PICTURE, "<str:stage>": "middle"}.items():
        route = route.replace(part, value)
    if route.startswith("/admin/auth/user/"):
        return HOLE.sub(str(get_user_model().objects.get(username="learner").pk), route)
    return HOLE.sub("1", route.replace("<slug:slug>", "orders"))


def cell(response: HttpResponse) -> str:
    """`200`, or `login` for who is sent there."""
    if response.status_code == 302 and response.headers["Location"].startswith(LOGINS):
        return "login"
    return str(response.status_code)


def block(office: Office, route: str) -> str:
    """The lines of one address: who gets what."""
    answers = {
        role: [(method, cell(office.ask(role, method, route))) for method in METHODS] for role in ROLES
    }
    return in_lines(route, answers)


def in_lines(title: str, answers: dict[str, list[tuple[str, str]]]) -> str:
    """A block of the table. Roles that get the same share a line."""
    lines: dict[str, list[str]] = {}
    for role, said in answers.items():
        lines.setdefault(in_words(said), []).append(role)
    return "\n".join([title, *(f"    {', '.join(roles)}: {words}" for words, roles in lines.items())])


def in_words(answers: list[tuple[str, str]]) -> str:
    """`200 GET HEAD, 405 OPTIONS POST PUT PATCH DELETE`."""
    methods: dict[str, list[str]] = {}
    for method, said in answers:
        methods.setdefault(said, []).append(method)
    return ", ".join(f"{said} {' '.join(asked)}" for said, asked in methods.items())


def expected() -> dict[str, str]:
    """The blocks of table.txt by their address."""
    text = TABLE.read_text(encoding="utf-8").partition("\n\n")[2]
    return {part.partition("\n")[0]: part.strip("\n") for part in text.split("\n\n") if part.strip()}
