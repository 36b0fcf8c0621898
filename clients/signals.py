"""Milestone 11: clients at company.com are VIPs.

A signal hears `save()` and what is built on it: forms, the admin, the API, `create()`. It does not hear `bulk_create()`
and `update()`; who writes in bulk sets `vip` with the rows, as `load_demo` does.
"""

from typing import Any

from django.db.models.signals import post_save
from django.dispatch import receiver

from clients.models import Client
from stages.features import is_active

VIP_DOMAIN = "company.com"


def has_vip_domain(email: str) -> bool:
    """Whether the domain is exactly company.com: neither notcompany.com nor company.com.evil.org."""
    return email.rpartition("@")[2].lower() == VIP_DOMAIN


@receiver(post_save, sender=Client, dispatch_uid="clients.signals.mark_vip")
def mark_vip(sender: type[Client], instance: Client, *, raw: bool = False, **kwargs: Any) -> None:
    """Asked after every save; what a fixture says (`raw`) is left alone. The flag comes last: it may cost a query."""
    if not raw and not instance.vip and has_vip_domain(instance.email) and is_active("vip-signal"):
        make_vip(instance)


def make_vip(client: Client) -> None:
    """Makes a client a VIP, the row and the object in hand.

    Writes by `update()`: a `save()` in here would send the signal again.
    """
    Client.objects.filter(pk=client.pk).update(vip=True)
    client.vip = True
