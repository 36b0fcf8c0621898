"""The list of clients as the checks of milestone 4 fill and read it."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from urllib.parse import urljoin

from model_bakery import baker
from model_bakery.recipe import seq

from clients.models import Client
from tests.fixtures import listed_ids, page
from tests.sentences import answer, people

NO_NUMBERS = ["", "abc", "1.5", "1e3", "²", "\x00", "%", "1 OR 1=1"]


def make_clients(number: int, **attributes) -> list[Client]:
    """So many clients, newest first, an hour apart."""
    named = {"name": seq("Client "), **attributes}
    made = baker.make(Client, _quantity=number, _bulk_create=True, **named) if number else []
    for age, client in enumerate(made):
        client.created_at = datetime(2024, 6, 1, tzinfo=UTC) - timedelta(hours=age)
    Client.objects.bulk_update(made, ["created_at"])
    return made


def ids(clients: Iterable[Client]) -> list[int]:
    return [client.pk for client in clients]


def link(response, rel: str) -> str | None:
    """Where the link with this rel leads, as a browser on /clients/ would follow it."""
    found = page(response).select_one(f'a[rel~="{rel}"]')
    return None if found is None else urljoin("/clients/", found["href"])


def find(browser, text: str) -> list[int]:
    return listed_ids(browser.get("/clients/", {"q": text}))


def assert_found(browser, text: str, *clients: Client) -> None:
    """A search shows these clients and nobody else, in this order."""
    found = find(browser, text)
    assert found == ids(clients), (
        f"Searching for {text!r} found {people(found)}; {people(clients)} was expected."
    )


def assert_shows(response, clients: list[Client]) -> None:
    """The list shows these clients and nobody else, in this order."""
    shown = listed_ids(response)
    assert shown == ids(clients), (
        f"{answer(response)} and shows {people(shown)}; {people(clients)} was expected, in this order."
    )
