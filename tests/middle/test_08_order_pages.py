"""Milestone 8: what a person sees and follows on the pages of orders, each of which touches its own order only."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.test import Client as Browser
from model_bakery import baker

from clients.forms import OrderForm
from clients.models import Client, MergeRecord, Order
from tests.fixtures import assert_gone, assert_switched_off, form_data, page, text_of
from tests.sentences import answer

LAMP = {"title": "Lamp", "amount": "20", "status": "NEW"}


@pytest.fixture
def ada(milestones) -> Client:
    return baker.make(Client, name="Ada Lovelace", email="ada@mail.com")


@pytest.fixture
def desk(ada) -> Order:
    values = {"title": "Standing desk", "amount": Decimal("349.90"), "status": "IN_PROGRESS"}
    # Its number is not by chance the one of its client.
    desk = baker.make(Order, pk=ada.pk + 500, client=ada, **values)
    Order.objects.update(created_at=datetime(2026, 10, 31, 17, 5, tzinfo=UTC))
    return desk


@pytest.fixture
def others(desk) -> list[Order]:
    """One more order of Ada's, and one of somebody else."""
    bob = baker.make(Client, name="Bob", email="bob@mail.com")
    return [baker.make(Order, client=owner, title="Chair", amount=5) for owner in (desk.client, bob)]


def addresses(order: Order) -> list[str]:
    pages = "edit", "delete"
    return [f"/clients/{order.client_id}/", *(f"/clients/orders/{order.pk}/{name}/" for name in pages)]


# --- The client's page ------------------------------------------------------------------------------------------------
@pytest.mark.beyond("comfort")
@pytest.mark.contrast
def test_an_order_says_what_for_how_much_how_far_and_when(learner_client, desk):
    line = text_of(learner_client.get(f"/clients/{desk.client_id}/"), "li[data-order-id]")
    assert line.startswith("Standing desk 349.90 In progress 31 Oct 2026, 17:05"), (
        f"The order's line says: {line}"
    )


@pytest.mark.beyond("comfort")
@pytest.mark.contrast
def test_an_order_leads_to_its_own_pages(learner_client, others, desk):
    shown = page(learner_client.get(f"/clients/{desk.client_id}/"))
    links = shown.select(f'li[data-order-id="{desk.pk}"] a')
    assert [link["href"] for link in links] == addresses(desk)[1:]


@pytest.mark.beyond("comfort")
@pytest.mark.contrast
def test_a_page_shows_the_orders_of_its_client_alone(learner_client, others, desk):
    shown = page(learner_client.get(f"/clients/{desk.client_id}/")).select("li[data-order-id]")
    assert {int(line["data-order-id"]) for line in shown} == {desk.pk, others[0].pk}


@pytest.mark.beyond("comfort")
@pytest.mark.contrast
def test_more_orders_are_reached_by_a_link(learner_client, ada):
    for number in range(21):
        baker.make(Order, client=ada, title=f"Order {number}", amount=1)
    link = page(learner_client.get(f"/clients/{ada.pk}/")).select_one('a[rel="next"]')
    assert link is not None, "The page of a client with 21 orders shows 20 and no link to the last one."
    assert "Order 0" in text_of(learner_client.get(f"/clients/{ada.pk}/{link['href']}"), "li[data-order-id]")


@pytest.mark.beyond("comfort")
def test_the_clients_page_belongs_to_milestone_2(learner_client, ada, milestones):
    milestones.off("client-crud")
    assert_switched_off(learner_client.get(f"/clients/{ada.pk}/"), "client-crud")


@pytest.mark.beyond("comfort")
def test_a_client_merged_into_one_that_is_gone_is_gone_too(learner_client, milestones):
    baker.make(MergeRecord, kept=None, merged_id=900_000, merged={"name": "Ada"})
    assert_gone(learner_client.get("/clients/900000/"))


# --- The forms --------------------------------------------------------------------------------------------------------
@pytest.mark.beyond("comfort")
@pytest.mark.contrast
def test_an_amount_is_typed_in_cents_and_from_nothing_up(learner_client, ada):
    field = page(learner_client.get(f"/clients/{ada.pk}/")).select_one("input[name=amount]")
    assert field is not None, "The page has no field for an amount."
    assert (field["min"], field["step"]) == ("0", "0.01")


@pytest.mark.beyond("comfort")
@pytest.mark.contrast
def test_an_error_stands_beside_its_field(learner_client, ada):
    shown = page(learner_client.post(f"/clients/{ada.pk}/", {**LAMP, "amount": "-1"}))
    field = shown.select_one("#add-order .field:has(input[name=amount])")
    assert field is not None, "The form came back without its field for the amount."
    assert "An amount cannot be negative." in field.text


@pytest.mark.beyond("hostile")
@pytest.mark.contrast
@pytest.mark.parametrize("number", [0, 1, 2])
def test_each_form_carries_the_token_that_its_post_needs(learner, desk, number):
    browser = Browser(enforce_csrf_checks=True)
    browser.force_login(learner, backend="django.contrib.auth.backends.ModelBackend")
    address = addresses(desk)[number]
    response = browser.post(address, form_data(browser.get(address), **LAMP))
    assert response.status_code == 302, f"{answer(response)}; to be led on (302) was expected."


@pytest.mark.beyond("comfort")
@pytest.mark.contrast
def test_the_question_before_deleting_says_what_goes(learner_client, desk):
    asked = text_of(learner_client.get(f"/clients/orders/{desk.pk}/delete/"), "main")
    for word in ("Standing desk", "349.90", "Ada Lovelace", "In progress"):
        assert word in asked, f"The question before deleting does not name {word}: {asked}"


@pytest.mark.beyond("comfort")
@pytest.mark.contrast
def test_an_order_can_be_deleted_from_its_edit_page(learner_client, desk):
    edit, delete = addresses(desk)[1:]
    links = [link["href"] for link in page(learner_client.get(edit)).select("main a.danger")]
    assert links == [delete]


# --- One order and no other -------------------------------------------------------------------------------------------
@pytest.mark.beyond("comfort")
@pytest.mark.contrast
def test_editing_and_deleting_leave_other_orders_alone(learner_client, others, desk):
    mine = others[0]
    learner_client.post(f"/clients/orders/{mine.pk}/edit/", LAMP)
    assert sorted(Order.objects.values_list("title", flat=True)) == ["Chair", "Lamp", "Standing desk"]
    learner_client.post(f"/clients/orders/{mine.pk}/delete/")
    assert sorted(Order.objects.values_list("title", flat=True)) == ["Chair", "Standing desk"]


@pytest.mark.beyond("races")
def test_an_order_for_a_client_who_is_deleted_meanwhile_is_not_stored(learner_client, ada, monkeypatch):
    def valid_and_gone(form: OrderForm) -> bool:
        return not form.errors and bool(Client.objects.all().delete())

    monkeypatch.setattr(OrderForm, "is_valid", valid_and_gone)
    assert_gone(learner_client.post(f"/clients/{ada.pk}/", LAMP))
    assert Order.objects.count() == 0


@pytest.mark.beyond("comfort")
@pytest.mark.parametrize("number", [0, 1, 2])
def test_a_head_is_answered_and_changes_nothing(learner_client, desk, number):
    address = addresses(desk)[number]
    response = learner_client.head(address)
    assert response.status_code == 200, f"{answer(response)}; the headers of the page (200) were expected."
    assert Order.objects.get() == desk
