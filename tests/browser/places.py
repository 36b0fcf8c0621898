"""Every page there is, for what has to hold on all of them."""

from datetime import date
from decimal import Decimal

from django.core.management import call_command
from model_bakery import baker

from clients.models import Client, Order

# Long words, another direction, no letters at all: what makes a page burst.
ODD_NAMES = (
    "Wolfeschlegelsteinhausenbergerdorff-Donaudampfschifffahrtsgesellschaft",
    "مريم عبد الرحمن الخوارزمي",
    "😀",
    "<b>not bold</b>",
)


def fill_the_office() -> Client:
    """Demo data and some odd clients. Returns the oldest client, who has orders of every status."""
    call_command("load_demo", clients=40, orders=90, seed=1, until=date(2026, 7, 15), verbosity=0)
    for number, name in enumerate(ODD_NAMES):
        odd = baker.make(Client, name=name, email=f"{'long-address' * 4}{number}@mail.test", phone="+1 " * 8)
        baker.make(Order, client=odd, title=name * 2, amount=Decimal("9999999999.99"))
    oldest = Client.objects.earliest("pk")
    for status in Order.Status:
        baker.make(Order, client=oldest, title=f"An order that is {status.label}", status=status)
    return oldest


def of_guests() -> list[str]:
    return ["/accounts/login/", "/accounts/login/?next=/clients/"]


def of_learners() -> list[str]:
    """Pages where somebody is refused or nothing is found."""
    return ["/clients/merge/", "/clients/999999/", "/stages/", "/stages/orders/"]


def of_staff(client: Client) -> list[str]:
    order = client.orders.latest("pk")
    newest = Client.objects.latest("pk")
    return [
        "/",
        "/clients/",
        "/clients/?page=2",
        "/clients/?active=1",
        "/clients/?q=nobody-has-this-name",
        "/clients/add/",
        f"/clients/{client.pk}/",
        f"/clients/{newest.pk}/",
        f"/clients/{newest.pk}/edit/",
        f"/clients/{client.pk}/edit/delete/",
        f"/clients/orders/{order.pk}/edit/",
        f"/clients/orders/{order.pk}/delete/",
        "/clients/merge/",
        f"/clients/merge/?keep={client.pk}&merge={newest.pk}",
        "/reports/",
        "/stages/",
        "/stages/search-pagination/",
        "/stages/live-orders/",
        "/accounts/logout/",
    ]
