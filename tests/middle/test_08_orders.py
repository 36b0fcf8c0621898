"""Milestone 8: a client has orders, seen and edited on the client's page."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from model_bakery import baker

from clients.forms import OrderForm
from clients.models import Client, Order
from tests.fixtures import (
    assert_gone,
    assert_not_switched_off,
    assert_sent_to_login,
    assert_switched_off,
    field_errors,
    form_data,
    page,
    text_of,
)
from tests.sentences import listed

DESK = {"title": "Standing desk", "amount": "349.90", "status": "NEW"}


@pytest.fixture
def ada(milestones) -> Client:
    return baker.make(Client, name="Ada Lovelace", email="ada@mail.com")


@pytest.fixture
def desk(ada) -> Order:
    return baker.make(Order, client=ada, **DESK)


def shown_orders(response) -> list[int]:
    return [int(line["data-order-id"]) for line in page(response).select("li[data-order-id]")]


# --- The model --------------------------------------------------------------------------------------------------------
@pytest.mark.required
def test_an_order_has_a_client_a_title_an_exact_amount_a_status_and_a_time(ada):
    order = Order.objects.create(client=ada, title="Desk", amount="0.10")
    order.refresh_from_db()
    kept = (order.client, order.title, order.amount, order.status)
    assert kept == (ada, "Desk", Decimal("0.10"), "NEW"), (
        f"Ada's order of a desk for 0.10 was stored as {listed(kept)}; Ada, Desk, exactly 0.10 and NEW were expected."
    )
    assert order.created_at is not None, "An order was stored without the time it came in (`created_at`)."
    known = {value for value, _ in Order._meta.get_field("status").choices}
    assert known == {"NEW", "IN_PROGRESS", "DONE"}, (
        f"An order can have the status {listed(sorted(known))}; NEW, IN_PROGRESS and DONE were expected."
    )


@pytest.mark.beyond("comfort")
@pytest.mark.parametrize("amount", ["-0.01", "-1"])
def test_no_form_accepts_a_negative_amount(ada, amount):
    with pytest.raises(ValidationError) as refused:
        Order(client=ada, title="Desk", amount=Decimal(amount)).full_clean()
    assert "An amount cannot be negative." in refused.value.message_dict["amount"]


@pytest.mark.beyond("hostile")
@pytest.mark.parametrize("change", [{"amount": Decimal("-0.01")}, {"status": "LOST"}])
def test_the_database_refuses_what_came_past_every_form(desk, change):
    with pytest.raises(IntegrityError), transaction.atomic():
        Order.objects.filter(pk=desk.pk).update(**change)


@pytest.mark.beyond("comfort")
def test_an_amount_of_nothing_is_fine(ada):
    order = Order(client=ada, title="A gift", amount=Decimal(0))
    order.full_clean()

    assert order.amount == 0


# --- The client's page ------------------------------------------------------------------------------------------------
@pytest.mark.beyond("comfort")
@pytest.mark.contrast
def test_the_clients_page_lists_the_orders_newest_first(learner_client, ada):
    orders = [baker.make(Order, client=ada, title=f"Order {n}", amount=n) for n in range(3)]
    response = learner_client.get(f"/clients/{ada.pk}/")
    assert shown_orders(response) == [order.pk for order in reversed(orders)]


@pytest.mark.beyond("comfort")
@pytest.mark.contrast
def test_an_order_is_added_on_the_clients_page(learner_client, ada):
    response = learner_client.post(f"/clients/{ada.pk}/", DESK, follow=True)
    assert response.redirect_chain == [(f"/clients/{ada.pk}/", 302)]
    assert text_of(response, "#messages") == "Standing desk was added."
    assert Order.objects.values_list("client", "title", "amount", "status").get() == (
        ada.pk,
        "Standing desk",
        Decimal("349.90"),
        "NEW",
    )


@pytest.mark.beyond("comfort")
@pytest.mark.contrast
def test_an_orders_status_is_edited(learner_client, desk):
    url = f"/clients/orders/{desk.pk}/edit/"
    assert_not_switched_off(learner_client.get(url))
    response = learner_client.post(url, {**DESK, "status": "IN_PROGRESS"}, follow=True)
    assert response.redirect_chain == [(f"/clients/{desk.client_id}/", 302)]
    assert text_of(response, "#messages") == "Standing desk was saved."
    assert Order.objects.get().status == "IN_PROGRESS"


@pytest.mark.beyond("hostile")
@pytest.mark.contrast
def test_an_order_is_deleted_only_by_a_post(learner_client, desk):
    url = f"/clients/orders/{desk.pk}/delete/"
    assert "Standing desk" in text_of(learner_client.get(url), "main")
    assert Order.objects.count() == 1
    response = learner_client.post(url, follow=True)
    assert text_of(response, "#messages") == "Standing desk was deleted."
    assert Order.objects.count() == 0


@pytest.mark.beyond("comfort")
@pytest.mark.parametrize(
    "field, value, says",
    [
        ("amount", "-1", "An amount cannot be negative."),
        ("amount", "NaN", "Enter a number."),
        ("amount", "1e400", "Ensure that there are no more than 12 digits in total."),
        ("amount", "99999999999.99", "Ensure that there are no more than 12 digits in total."),
        ("amount", "0.001", "Ensure that there are no more than 2 decimal places."),
        ("title", "", "This field is required."),
        ("title", "x" * 10_000, "Ensure this value has at most 200 characters (it has 10000)."),
        ("status", "LOST", "Select a valid choice. LOST is not one of the available choices."),
    ],
)
def test_a_bad_order_comes_back_with_the_reason_and_what_was_typed(learner_client, ada, field, value, says):
    response = learner_client.post(f"/clients/{ada.pk}/", {**DESK, field: value})
    assert response.context["order_form"].errors[field] == [says]
    assert response.context["order_form"]["title"].value() == (value if field == "title" else "Standing desk")
    assert Order.objects.count() == 0


@pytest.mark.beyond("comfort")
@pytest.mark.parametrize("path", ["/clients/{client}/", "/clients/orders/{order}/edit/"])
def test_a_post_of_nothing_at_all_comes_back_with_the_errors(learner_client, desk, path):
    response = learner_client.post(path.format(client=desk.client_id, order=desk.pk), {})
    assert response.status_code == 200
    assert field_errors(response, "title") == "This field is required."


@pytest.mark.beyond("hostile")
def test_a_hostile_title_is_shown_as_text(learner_client, ada):
    learner_client.post(f"/clients/{ada.pk}/", {**DESK, "title": "<script id=evil>alert(1)</script>"})
    shown = page(learner_client.get(f"/clients/{ada.pk}/"))
    assert shown.select_one("#evil") is None
    assert shown.select_one(".order-title").text == "<script id=evil>alert(1)</script>"


@pytest.mark.beyond("races")
def test_an_order_that_is_gone_answers_404_and_deleting_twice_does_no_harm(learner_client, desk):
    assert learner_client.post(f"/clients/orders/{desk.pk}/delete/").status_code == 302
    for url in (f"/clients/orders/{desk.pk}/edit/", f"/clients/orders/{desk.pk}/delete/"):
        assert_gone(learner_client.get(url))
        assert_gone(learner_client.post(url, DESK))


@pytest.fixture
def meanwhile(monkeypatch):
    """Lets something happen between reading an order and saving it."""

    def arrange(happen):
        monkeypatch.setattr(OrderForm, "is_valid", lambda form: not form.errors and (happen(), True)[1])

    return arrange


@pytest.mark.beyond("races")
def test_an_order_deleted_while_it_is_edited_stays_deleted(learner_client, desk, meanwhile):
    meanwhile(Order.objects.filter(pk=desk.pk).delete)
    assert_gone(learner_client.post(f"/clients/orders/{desk.pk}/edit/", DESK))
    assert not Order.objects.exists()


@pytest.mark.beyond("races")
def test_an_order_moved_to_another_client_while_it_is_edited_stays_there(learner_client, desk, meanwhile):
    other = baker.make(Client, email="other@mail.com")
    meanwhile(lambda: Order.objects.filter(pk=desk.pk).update(client=other))
    response = learner_client.post(f"/clients/orders/{desk.pk}/edit/", {**DESK, "title": "Lamp"})
    assert (response.status_code, response["Location"]) == (302, f"/clients/{other.pk}/")
    assert list(Order.objects.values_list("client", "title")) == [(other.pk, "Lamp")]


@pytest.mark.beyond("comfort")
def test_an_order_for_a_client_that_is_gone_answers_404(learner_client, ada):
    ada.delete()
    assert_gone(learner_client.post(f"/clients/{ada.pk}/", DESK))
    assert Order.objects.count() == 0


@pytest.mark.beyond("hostile")
@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_other_methods_are_refused(learner_client, desk, method):
    for url in (
        f"/clients/{desk.client_id}/",
        f"/clients/orders/{desk.pk}/edit/",
        f"/clients/orders/{desk.pk}/delete/",
    ):
        assert getattr(learner_client, method)(url).status_code == 405
    assert Order.objects.count() == 1


@pytest.mark.beyond("hostile")
def test_guests_are_sent_to_the_login_page(guest, desk, milestones):
    milestones.on("login-required")
    for url in (f"/clients/orders/{desk.pk}/edit/", f"/clients/orders/{desk.pk}/delete/"):
        assert_sent_to_login(guest.get(url), back_to=url)
    assert_sent_to_login(
        guest.post(f"/clients/{desk.client_id}/", DESK), back_to=f"/clients/{desk.client_id}/"
    )
    assert Order.objects.count() == 1


@pytest.mark.beyond("comfort")
def test_the_edit_form_is_filled_with_the_order(learner_client, desk):
    sent = form_data(learner_client.get(f"/clients/orders/{desk.pk}/edit/"))
    assert (sent["title"], sent["amount"]) == ("Standing desk", "349.90")


@pytest.mark.beyond("comfort")
def test_a_bad_edit_comes_back_and_changes_nothing(learner_client, desk):
    response = learner_client.post(f"/clients/orders/{desk.pk}/edit/", {**DESK, "amount": "-1"})
    assert field_errors(response, "amount") == "An amount cannot be negative."
    assert Order.objects.get().amount == Decimal("349.90")


@pytest.mark.beyond("scale")
def test_the_page_of_a_client_with_many_orders_shows_twenty_at_a_time(
    learner_client, ada, django_assert_max_num_queries
):
    Order.objects.bulk_create([Order(client=ada, title=f"Order {n}", amount=1) for n in range(45)])
    with django_assert_max_num_queries(8):
        assert len(shown_orders(learner_client.get(f"/clients/{ada.pk}/"))) == 20
    assert len(shown_orders(learner_client.get(f"/clients/{ada.pk}/", {"page": "3"}))) == 5
    assert len(shown_orders(learner_client.get(f"/clients/{ada.pk}/", {"page": "99"}))) == 5


@pytest.mark.beyond("comfort")
def test_deleting_a_client_takes_the_orders_along(desk):
    desk.client.delete()
    assert Order.objects.count() == 0


@pytest.mark.switch
def test_switched_off_the_page_has_no_orders_and_nothing_is_lost(learner_client, desk, milestones):
    milestones.off("orders")
    response = learner_client.get(f"/clients/{desk.client_id}/")
    assert shown_orders(response) == []
    assert page(response).select_one("#orders-title, #add-order") is None
    assert learner_client.post(f"/clients/{desk.client_id}/", DESK).status_code == 405
    for url in (f"/clients/orders/{desk.pk}/edit/", f"/clients/orders/{desk.pk}/delete/"):
        assert_switched_off(learner_client.get(url), "orders")
    milestones.on("orders")
    assert shown_orders(learner_client.get(f"/clients/{desk.client_id}/")) == [desk.pk]
