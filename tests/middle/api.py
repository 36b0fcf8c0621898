"""How the checks of milestone 14 read the API, and whom they find there."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from model_bakery import baker

from clients.models import Client, Order
from tests.sentences import answer, listed

MOMENT = datetime(2026, 10, 31, 12, 30, tzinfo=UTC)


def make_ada() -> Client:
    """Three orders, two of them new; added at MOMENT."""
    ada = baker.make(Client, name="Ada Lovelace", email="ada@mail.com", phone="0171")
    for amount, status in (("10.00", "NEW"), ("20.50", "NEW"), ("0.01", "DONE")):
        baker.make(Order, client=ada, title="Desk", amount=Decimal(amount), status=status)
    Client.objects.filter(pk=ada.pk).update(created_at=MOMENT)
    return ada


def make_bob() -> Client:
    """One order in progress."""
    bob = baker.make(Client, name="Bob", email="bob@mail.com")
    baker.make(Order, client=bob, title="Lamp", amount=5, status="IN_PROGRESS")
    return bob


def answered(response: HttpResponse, status: int = 200) -> Any:
    """The JSON of an answer with this status."""
    assert response.status_code == status, f"{answer(response)}; JSON with the status {status} was expected."
    kind = response["Content-Type"]
    assert kind.startswith("application/json"), (
        f"{answer(response)} with {kind}; application/json was expected."
    )
    return response.json()


def names(response: HttpResponse) -> list[str]:
    return [client["name"] for client in answered(response)["results"]]


def assert_names(response: HttpResponse, *expected: str) -> None:
    """The clients on this page, in this order."""
    found = names(response)
    assert found == list(expected), (
        f"{answer(response)} with {listed(found)}; {listed(expected)} was expected."
    )
