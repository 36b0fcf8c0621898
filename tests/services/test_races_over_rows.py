"""Who deletes, merges and adds at the same moment on PostgreSQL: one waits for the other, nobody gets an error page.

The first of the two is held open inside its transaction until the second one waits for it, so that the order of events
is the same in every run.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client as Browser
from model_bakery import baker

from clients.merging.merge import merge_clients
from clients.models import Client, Order
from clients.orders.detail import saved_with_client
from clients.races.locking import hold
from tests.fixtures import browser_of, page, text_of
from tests.services.support import wait_until

pytestmark = pytest.mark.django_db(transaction=True)
DESK = {"title": "Desk", "amount": "12.50", "status": "NEW"}
EVE = {"name": "Eve", "email": "eve@mail.com", "phone": ""}
NO_ORDERS = {f"orders-{name}_FORMS": "0" for name in ("TOTAL", "INITIAL")}


@pytest.fixture(autouse=True)
def real_database(milestones) -> None:
    assert connection.vendor == "postgresql", "DATABASE_URL must name a PostgreSQL database"


@pytest.fixture
def browser(admin_user) -> Browser:
    """A superuser's, which gets an error page as a visitor would."""
    browser = browser_of(admin_user)
    browser.raise_request_exception = False
    return browser


@pytest.fixture
def ada() -> Client:
    return baker.make(Client, name="Ada", email="ada@mail.com")


def while_open(
    first: Callable[[], object], second: Callable[[], HttpResponse], then: Callable[[], object] = int
) -> HttpResponse:
    """Does `first`, begins `second` on a connection of its own, does `then`, commits; the answer that `second` got."""
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            first()
            future = pool.submit(and_disconnect, second)
            wait_until(
                lambda: future.done() or somebody_waits_for_us(), what="the second to wait for the first"
            )
            then()
        return future.result(30)


def and_disconnect(work: Callable[[], HttpResponse]) -> HttpResponse:
    try:
        return work()
    finally:
        connection.close()


def somebody_waits_for_us() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid)))"
        )
        return cursor.fetchone()[0]


# --- A client is deleted while an order comes in ----------------------------------------------------------------------
def by_page(browser: Browser, pk: int) -> int:
    return browser.post(f"/clients/{pk}/edit/delete/").status_code


def by_api(browser: Browser, pk: int) -> int:
    return browser.delete(f"/api/clients/{pk}/").status_code


def by_admin(browser: Browser, pk: int) -> int:
    return browser.post(f"/admin/clients/client/{pk}/delete/", {"post": "yes"}).status_code


def by_admin_action(browser: Browser, pk: int) -> int:
    sent = {"action": "delete_selected", "_selected_action": pk, "post": "yes"}
    return browser.post("/admin/clients/client/", sent).status_code


def by_queryset(browser: Browser, pk: int) -> int:
    return Client.objects.with_order_totals().filter(name="Ada").delete()[0]


@pytest.mark.parametrize(
    "delete, answer",
    [(by_page, 302), (by_api, 204), (by_admin, 302), (by_admin_action, 302), (by_queryset, 2)],
)
def test_deleting_a_client_waits_for_an_order_under_way_and_takes_it_along(browser, ada, delete, answer):
    other = baker.make(Order, client__email="other@mail.com")
    order = partial(saved_with_client, Order(client=ada, title="Desk", amount=1))

    assert while_open(order, partial(delete, browser, ada.pk)) == answer
    assert list(Order.objects.all()) == [other]
    assert list(Client.objects.all()) == [other.client]


def test_two_who_hold_the_same_clients_do_not_form_a_deadlock(ada):
    eve = baker.make(Client, email="eve@mail.com")
    newest_first = Client.objects.order_by("-pk")

    answer = while_open(lambda: hold(ada), lambda: newest_first.delete()[1], then=lambda: hold(eve))
    assert answer == {"clients.Client": 2}


@pytest.mark.parametrize("goes", ["deleted", "merged"])
def test_an_order_for_a_client_that_goes_meanwhile_is_refused_in_words(browser, ada, goes):
    eve = baker.make(Client, name="Eve", email="eve@mail.com")
    ways = {
        "deleted": ada.delete,
        "merged": partial(merge_clients, keep_id=eve.pk, merge_id=ada.pk, merged_by=None),
    }
    pk, sent = ada.pk, {**DESK, "client": ada.pk}

    answer = while_open(ways[goes], lambda: browser.post("/admin/clients/order/add/", sent))

    assert "This client is not there any more" in text_of(answer, ".errorlist")
    assert page(answer).select_one("input[name=title]")["value"] == "Desk"
    assert not Order.objects.exists()
    assert not Client.objects.filter(pk=pk).exists()


def test_an_order_on_the_page_of_a_client_that_is_being_deleted_finds_nobody(browser, ada):
    answer = while_open(ada.delete, partial(browser.post, f"/clients/{ada.pk}/", DESK))
    assert answer.status_code == 404
    assert not Order.objects.exists()


def test_an_order_of_the_api_for_a_client_that_is_being_deleted_is_refused(browser, ada):
    sent = {**DESK, "client": ada.pk}
    answer = while_open(
        ada.delete, partial(browser.post, "/api/orders/", sent, content_type="application/json")
    )
    assert (answer.status_code, list(answer.json())) == (400, ["client"])
    assert not Order.objects.exists()


# --- Two people in the admin ------------------------------------------------------------------------------------------
def test_the_second_of_two_who_add_one_address_is_told_so_beside_the_field(browser):
    rival = partial(Client.objects.create, name="Rival", email=EVE["email"])
    answer = while_open(
        rival, partial(browser.post, "/admin/clients/client/add/", {**EVE, **NO_ORDERS, "phone": "12"})
    )

    assert text_of(answer, ".field-email .errorlist") == "There is already a client with this e-mail address."
    typed = [page(answer).select_one(f"input[name={name}]")["value"] for name in ("name", "email", "phone")]
    assert typed == ["Eve", "eve@mail.com", "12"]
    assert list(Client.objects.values_list("name", flat=True)) == ["Rival"]


def test_a_client_that_is_merged_away_while_the_admin_saves_it_does_not_come_back(browser, ada):
    eve = baker.make(Client, name="Eve", email="eve@mail.com")
    merge = partial(merge_clients, keep_id=eve.pk, merge_id=ada.pk, merged_by=None)
    sent = {"name": "Ada Byron", "email": ada.email, "phone": "", **NO_ORDERS}

    answer = while_open(merge, partial(browser.post, f"/admin/clients/client/{ada.pk}/change/", sent))

    assert (answer.status_code, answer["Location"]) == (302, "/admin/")
    assert list(Client.objects.all()) == [eve]
