"""Milestone 8: orders in the admin, inline on the client's page and in a list of their own."""

import pytest
from bs4 import Tag
from django.db import connection
from django.test.utils import CaptureQueriesContext
from model_bakery import baker

from clients.admin import NewestOrdersFormSet
from clients.models import Client, Order
from tests.fixtures import assert_refused, form_data, page, text_of
from tests.sentences import answer, listed

DESK = {"title": "Standing desk", "amount": "349.90", "status": "NEW"}


@pytest.fixture
def ada(milestones) -> Client:
    return baker.make(Client, name="Ada Lovelace", email="ada@mail.com")


@pytest.fixture
def desk(ada) -> Order:
    return baker.make(Order, client=ada, **DESK)


def admin_address(client: Client) -> str:
    return f"/admin/clients/client/{client.pk}/change/"


def orders_inline(response) -> Tag:
    inline = page(response).select_one("#orders-group")
    assert inline is not None, (
        f"{answer(response)}, but there is no inline of the client's orders on the page."
    )
    return inline


def cell(inline: Tag, name: str) -> str | None:
    """What stands in one field of the inline; None where there is no such field."""
    field = inline.select_one(f'[name="{name}"]')
    return field.get("value", "") if field else None


def with_new_order(sent: dict[str, object], **order: str) -> dict[str, object]:
    """What is sent once a row was filled in: the empty one, or the one that the page's script makes."""
    row = sent["orders-INITIAL_FORMS"]
    template = "orders-__prefix__-"
    made = {
        name.replace("__prefix__", row): value for name, value in sent.items() if name.startswith(template)
    }
    total = {"orders-TOTAL_FORMS": str(int(row) + 1)}
    return made | sent | total | {f"orders-{row}-{name}": value for name, value in order.items()}


# --- The inline -------------------------------------------------------------------------------------------------------
@pytest.mark.required
@pytest.mark.contrast
def test_orders_are_visible_inline_on_the_clients_admin_page(admin_client, desk):
    inline = orders_inline(admin_client.get(admin_address(desk.client)))
    seen = [cell(inline, f"orders-0-{name}") for name in ("title", "amount")]
    assert seen == ["Standing desk", "349.90"], (
        f"The first row of the inline says {listed(seen, 'nothing')} for title and amount; Ada's order, Standing "
        "desk and 349.90, was expected there."
    )


@pytest.mark.required
@pytest.mark.contrast
def test_orders_are_editable_inline(admin_client, desk):
    address = admin_address(desk.client)
    form = admin_client.get(address)
    orders_inline(form)
    sent = with_new_order(form_data(form), title="Lamp", amount="20")
    response = admin_client.post(address, {**sent, "orders-0-status": "DONE"})
    assert response.status_code == 302, f"{answer(response)}; to be led on after saving (302) was expected."

    desk.refresh_from_db()
    assert desk.status == "DONE", (
        f"An order was set to DONE in the inline and saved; its status is {desk.status}."
    )
    titles = Order.objects.filter(client=desk.client, amount=20).values_list("title", flat=True)
    assert list(titles) == ["Lamp"], (
        f"A lamp for 20 was added in the inline and saved; Ada's orders for 20 are {listed(titles, 'none')}."
    )


@pytest.mark.beyond("comfort")
@pytest.mark.contrast
def test_a_new_order_can_be_typed_in_at_once(admin_client, desk):
    inline = orders_inline(admin_client.get(admin_address(desk.client)))
    assert cell(inline, "orders-1-title") == "", "Below Ada's one order there is no empty row for a new one."


# --- Large clients, and requests that were changed on the way --------------------------------------------------------
@pytest.mark.beyond("scale")
def test_the_admin_finds_no_order_for_thousands_of_words(admin_client, desk):
    assert admin_client.get("/admin/clients/order/", {"q": "a " * 5_000}).status_code == 200


@pytest.mark.beyond("hostile")
def test_the_inline_refuses_a_negative_amount(admin_client, desk):
    url = admin_address(desk.client)
    response = admin_client.post(url, form_data(admin_client.get(url), **{"orders-0-amount": "-5"}))
    assert response.status_code == 200
    assert "An amount cannot be negative." in response.content.decode()


@pytest.mark.beyond("scale")
def test_the_inline_of_a_large_client_shows_the_newest_orders_only(
    admin_client, ada, django_assert_max_num_queries
):
    Order.objects.bulk_create([Order(client=ada, title=f"Order {n}", amount=1) for n in range(500)])
    with django_assert_max_num_queries(12):
        response = admin_client.get(admin_address(ada))
    titles = page(response).select('#orders-group input[name$="-title"][value^="Order"]')
    assert len(titles) == NewestOrdersFormSet.SHOWN
    assert titles[0]["value"] == "Order 499"


@pytest.mark.beyond("races")
def test_an_order_that_came_in_meanwhile_does_not_shift_the_inline(admin_client, ada):
    """The page shows the newest 20; another one arrives before it is sent back."""
    orders = Order.objects.bulk_create([Order(client=ada, title=f"Order {n}", amount=1) for n in range(25)])
    url = admin_address(ada)
    sent = form_data(admin_client.get(url), **{"orders-19-title": "Renamed"})
    baker.make(Order, client=ada, title="Newcomer", amount=1)
    assert admin_client.post(url, sent).status_code == 302
    assert Order.objects.get(title="Renamed").pk == orders[5].pk
    assert Order.objects.filter(title="Newcomer").count() == 1


@pytest.mark.beyond("hostile")
@pytest.mark.parametrize("pk", ["999999", "abc", ""])
def test_an_inline_that_names_an_order_of_somebody_else_changes_nothing_there(admin_client, desk, pk):
    stranger = baker.make(Order, title="Not yours", amount=1)
    url = admin_address(desk.client)
    sent = form_data(
        admin_client.get(url), **{"orders-0-id": pk or str(stranger.pk), "orders-0-title": "Taken"}
    )
    admin_client.post(url, sent)
    assert sorted(Order.objects.values_list("title", flat=True)) == ["Not yours", "Standing desk"]


@pytest.mark.beyond("comfort")
def test_all_orders_have_a_list_in_the_admin(admin_client, desk):
    response = admin_client.get("/admin/clients/order/", {"q": "ADA@mail.com", "status__exact": "NEW"})
    assert text_of(response, "td.field-client, th.field-client") == "Ada Lovelace"


@pytest.mark.beyond("comfort")
def test_the_inline_leads_to_each_order(admin_client, desk):
    inline = orders_inline(admin_client.get(admin_address(desk.client)))
    assert inline.select_one(f'a[href^="/admin/clients/order/{desk.pk}/change/"]') is not None


@pytest.mark.beyond("comfort")
def test_the_list_of_orders_is_newest_first_and_filtered_by_status(admin_client, ada):
    for title, status in (("Desk", "NEW"), ("Lamp", "DONE"), ("Chair", "NEW")):
        baker.make(Order, client=ada, title=title, status=status, amount=1)
    everything = admin_client.get("/admin/clients/order/")
    assert [cell.text for cell in page(everything).select(".field-title")] == ["Chair", "Lamp", "Desk"]
    choice = page(everything).select_one('#changelist-filter a[href*="status__exact=DONE"]')
    assert choice is not None, "The list of orders offers no filter by status."
    filtered = admin_client.get(f"/admin/clients/order/{choice['href']}")
    assert text_of(filtered, ".field-title") == "Lamp"


@pytest.mark.beyond("scale")
def test_the_list_of_orders_asks_for_all_clients_at_once(admin_client, milestones):
    def queries(more: int) -> int:
        for _ in range(more):
            baker.make(Order, client=baker.make(Client), amount=1)
        with CaptureQueriesContext(connection) as captured:
            admin_client.get("/admin/clients/order/")
        return len(captured)

    assert queries(2) == queries(6)


@pytest.mark.beyond("comfort")
def test_an_order_says_when_it_came_in_and_is_given_to_a_client_by_search(admin_client, desk):
    response = admin_client.get(f"/admin/clients/order/{desk.pk}/change/")
    assert str(desk.created_at.year) in text_of(response, ".field-created_at")
    assert page(response).select_one("select[name=client].admin-autocomplete") is not None


@pytest.mark.switch
def test_switched_off_there_is_no_inline_and_no_list_of_orders(admin_client, desk, milestones):
    milestones.off("orders")
    response = admin_client.get(admin_address(desk.client))
    assert page(response).select_one("#orders-group") is None
    assert page(admin_client.get("/admin/")).select_one("tr.model-order") is None
    for address in ("", "add/", f"{desk.pk}/change/"):
        assert_refused(admin_client.get(f"/admin/clients/order/{address}"))
    assert (
        admin_client.post(f"/admin/clients/client/{desk.client_id}/delete/", {"post": "yes"}).status_code
        == 302
    )
    assert Client.objects.count() == 0
