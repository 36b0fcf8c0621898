"""The demo's data as its checks make them."""

from datetime import date
from io import StringIO

from django.core.management import call_command

from clients.demo import orders, people
from clients.demo.timeline import Timeline

UNTIL = date(2026, 11, 23)


def load_demo(*arguments: str) -> str:
    """What the command says."""
    said = StringIO()
    call_command("load_demo", *arguments, "--until", UNTIL.isoformat(), stdout=said)
    return said.getvalue()


def made_clients(count: int, seed: int = 1) -> list[dict[str, str]]:
    rows = people.client_rows(count, seed=seed, timeline=Timeline(UNTIL), first_id=1, pictures={})
    return [dict(zip(people.COLUMNS, row, strict=True)) for row in rows]


def made_orders(count: int, clients: int, seed: int = 1) -> list[dict[str, str]]:
    rows = orders.order_rows(
        count, clients=clients, seed=seed, timeline=Timeline(UNTIL), first_id=1, first_client_id=1
    )
    return [dict(zip(orders.COLUMNS, row, strict=True)) for row in rows]
