"""What the checks of the merge share: its address, and a look at all that it could change."""

from collections.abc import Iterable

from clients.models import Client, MergeRecord, Order
from tests.sentences import listed, people

URL = "/clients/merge/"


def everything() -> list[object]:
    """All that a merge could change."""
    return [list(model.objects.order_by("pk").values()) for model in (Client, Order, MergeRecord)]


def assert_unchanged(before: list[object], *, after: str) -> None:
    """`before` is what `everything()` said then."""
    found = everything()
    changed = [
        name
        for name, was, now in zip(("clients", "orders", "merge records"), before, found, strict=True)
        if was != now
    ]
    assert not changed, (
        f"{after} the {listed(changed)} are other than before; nothing was expected to change."
    )


def assert_left(*clients: Client) -> None:
    """These clients are there, and nobody else."""
    found = list(Client.objects.order_by("pk"))
    assert found == list(clients), f"Afterwards {people(found)} is there; {people(clients)} was expected."


def assert_owns(client: Client, titles: Iterable[str]) -> None:
    """All orders there are belong to this client, and these are their titles."""
    owners = set(Order.objects.values_list("client", flat=True))
    assert owners == {client.pk}, (
        f"The orders belong to {people(owners)}; all of them were expected to move to {client}."
    )
    found = sorted(Order.objects.values_list("title", flat=True))
    assert found == sorted(titles), (
        f"{client} has the orders {listed(found, 'none')}; {listed(sorted(titles))} were expected."
    )
