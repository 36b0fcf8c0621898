"""Milestone 8: two people edit the same order, and neither overwrites unseen what the other has saved."""

from decimal import Decimal

import pytest
from model_bakery import baker

from clients.forms import OrderForm
from clients.models import Client, Order
from tests.fixtures import form_data, page, text_of

pytestmark = pytest.mark.beyond("races")

DESK = {"title": "Desk", "amount": "349.90", "status": "NEW"}
SAID = "Somebody else has saved this order in the meantime."


@pytest.fixture
def desk(milestones) -> Order:
    return baker.make(Order, client__name="Ada", client__email="ada@mail.com", **DESK)


@pytest.fixture
def address(desk) -> str:
    return f"/clients/orders/{desk.pk}/edit/"


@pytest.fixture
def stale_form(learner_client, desk, address) -> dict[str, object]:
    """A form opened before somebody else has saved another amount and status."""
    opened = form_data(learner_client.get(address), title="My desk")
    Order.objects.filter(pk=desk.pk).update(amount="400.00", status="DONE")
    return opened


def stored() -> tuple[str, Decimal, str]:
    return Order.objects.values_list("title", "amount", "status").get()


def test_a_stale_form_overwrites_nothing_and_comes_back_with_both_values(learner_client, address, stale_form):
    response = learner_client.post(address, stale_form)

    assert SAID in text_of(response, ".form-errors")
    lines = [
        [cell.text for cell in row.select("th, td")] for row in page(response).select(".conflict tbody tr")
    ]
    assert lines == [["Title", "My desk", "Desk"], ["Amount", "349.90", "400.00"], ["Status", "New", "Done"]]
    assert page(response).select_one("input[name=title]")["value"] == "My desk"
    assert stored() == ("Desk", Decimal("400.00"), "DONE")


def test_whoever_has_seen_both_values_may_overwrite(learner_client, address, stale_form):
    seen = form_data(learner_client.post(address, stale_form))

    assert learner_client.post(address, seen).status_code == 302
    assert stored() == ("My desk", Decimal("349.90"), "NEW")


def test_a_change_after_both_values_were_shown_is_a_conflict_again(learner_client, address, stale_form):
    seen = form_data(learner_client.post(address, stale_form))
    Order.objects.update(title="Their desk")

    assert "Their desk" in text_of(learner_client.post(address, seen), ".conflict")
    assert stored()[0] == "Their desk"


def test_a_save_between_validating_and_saving_is_a_conflict_too(learner_client, address, monkeypatch):
    sent = form_data(learner_client.get(address), title="My desk")
    validate = OrderForm.is_valid
    rival = Order.objects.filter(title="Desk")
    monkeypatch.setattr(OrderForm, "is_valid", lambda form: (validate(form), rival.update(amount=1))[0])

    response = learner_client.post(address, sent)

    assert SAID in text_of(response, ".form-errors")
    assert stored() == ("Desk", Decimal("1.00"), "NEW")


@pytest.mark.parametrize("token", ["", "garbage", "9" * 5000, "a\x00b", "é"])
def test_a_forged_digest_overwrites_nothing(learner_client, address, token):
    sent = form_data(learner_client.get(address), title="My desk", opened_with=token)

    assert learner_client.post(address, sent).status_code == 200
    assert stored()[0] == "Desk"


def test_the_digest_of_another_order_with_the_same_values_is_stale(learner_client, address, desk):
    other = baker.make(Order, client=desk.client, **DESK)
    opened = form_data(learner_client.get(f"/clients/orders/{other.pk}/edit/"), title="My desk")

    assert SAID in text_of(learner_client.post(address, opened), ".form-errors")


def test_a_script_that_opened_no_form_just_saves(learner_client, address):
    assert learner_client.post(address, {**DESK, "title": "My desk"}).status_code == 302
    assert stored()[0] == "My desk"


def test_the_same_values_in_another_notation_are_not_shown_as_different(learner_client, address, stale_form):
    response = learner_client.post(address, {**stale_form, "title": "My desk", "amount": "400"})

    assert [row.th.text for row in page(response).select(".conflict tbody tr")] == ["Title", "Status"]


def test_an_order_merged_to_another_client_meanwhile_is_no_conflict(learner_client, address):
    opened = form_data(learner_client.get(address), title="My desk")
    eve = baker.make(Client, email="eve@mail.com")
    Order.objects.update(client=eve)

    response = learner_client.post(address, opened)

    assert (response.status_code, response["Location"]) == (302, f"/clients/{eve.pk}/")
    assert (stored()[0], Order.objects.get().client) == ("My desk", eve)
