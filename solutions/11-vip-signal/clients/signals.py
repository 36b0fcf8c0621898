"""A plain solution of milestone 11, Signals."""

from clients.models import Client


def make_vip(client: Client) -> None:
    """Makes a client a VIP, the row and the object in hand.

    Writes by `update()`: a `save()` in here would send the signal again.
    """
    Client.objects.filter(pk=client.pk).update(vip=True)
    client.vip = True
