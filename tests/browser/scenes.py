"""What is photographed of each milestone that has a page: where, as whom, and what is done before.

`SCENES` holds one scene for every such milestone, by slug. The same steps are done with it off and with it on.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q

from clients.models import Client, Order
from tests.browser.camera import WINDOW
from tests.browser.steps import fill_client

Page = Any
# For what stands at the end of a page, such as the links to turn it.
TALL = {"width": 1280, "height": 960}


@dataclass(frozen=True)
class Scene:
    """`steps` get the page and lead to what is to be seen, which fits in the `window`. `is_main`: also in dark."""

    steps: Callable[[Page], None]
    username: str | None = "manager"
    is_main: bool = False
    window: dict[str, int] = field(default_factory=WINDOW.copy)


def at(address: str) -> Callable[[Page], None]:
    def steps(page: Page) -> None:
        page.goto(address)

    return steps


def regular_client() -> Client:
    """One with a picture, a handful of orders and a name that a keyboard can type, the newest of them."""
    counted = (
        Client.objects.filter(name__regex=r"^[A-Za-z ]+$")
        .exclude(avatar="")
        .annotate(number=Count("orders"), done=Count("orders", filter=Q(orders__status="DONE")))
    )
    return counted.filter(number__range=(3, 6), done__gte=1).latest("pk")


def forbidden_address(page: Page) -> None:
    page.goto("/clients/add/")
    fill_client(page, name="Vera Novak", email="vera@example.com", phone="+420 601 123 456")
    page.get_by_role("button", name="Add client").click()
    page.wait_for_load_state()


def client_of_the_company(page: Page) -> None:
    page.goto("/clients/add/")
    fill_client(page, name="Vera Novak", email="vera@company.com", phone="+420 601 123 456")
    page.get_by_role("button", name="Add client").click()
    page.locator("#client-list").wait_for()


def clients_page(page: Page) -> None:
    page.goto(f"/clients/{regular_client().pk}/")


def merge_preview(page: Page) -> None:
    keep = regular_client()
    double = Client.objects.exclude(pk=keep.pk).filter(orders__isnull=False).latest("pk")
    page.goto(f"/clients/merge/?keep={keep.pk}&merge={double.pk}")


def last_months_report(page: Page) -> None:
    if page.goto("/reports/").status == 200:
        page.get_by_role("button", name="Make and send the report").click()
        page.locator("#report-list").wait_for()


def new_order(page: Page) -> None:
    page.goto("/clients/")
    live = page.locator("#live-orders").count() > 0
    if live:
        page.locator('#live-orders[data-live-state="open"]').wait_for(state="attached")
    place_order(regular_client())
    if live:
        page.locator(".live-notice").wait_for()


def place_order(client: Client, title: str = "Standing desk, oak", amount: str = "489.00") -> Order:
    return Order.objects.create(client=client, title=title, amount=Decimal(amount))


def documentation(page: Page) -> None:
    if page.goto("/api/docs/").status == 200:
        page.locator(".opblock").first.wait_for()


SCENES = {
    "client-crud": Scene(at("/clients/")),
    "client-validation": Scene(forbidden_address),
    "search-pagination": Scene(at("/clients/?q=an&page=2"), window=TALL),
    "login-required": Scene(at("/clients/"), username=None),
    "avatars": Scene(at("/clients/")),
    "orders": Scene(clients_page, is_main=True),
    "order-totals": Scene(at("/clients/"), is_main=True),
    "vip-signal": Scene(client_of_the_company),
    "active-clients": Scene(at("/clients/?active=1")),
    "csv-export": Scene(at("/clients/?q=an")),
    "read-only-api": Scene(documentation),
    "merge-clients": Scene(merge_preview, is_main=True),
    "monthly-report": Scene(last_months_report),
    "live-orders": Scene(new_order, is_main=True),
}
# Beside the milestones: the first page and the map, light and dark.
EXTRAS = {"dashboard": Scene(at("/")), "stages": Scene(at("/stages/"), window=TALL)}
