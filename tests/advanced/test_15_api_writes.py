"""Milestone 15: what staff write through the API is checked as on the pages, also when two write at once."""

import pytest
from django.db import IntegrityError
from model_bakery import baker
from rest_framework.serializers import BaseSerializer

from clients.models import Client, MergeRecord, Order
from tests.advanced.api import EVE, JSON, assert_answered

pytest_plugins = ["tests.advanced.api_fixtures"]


@pytest.mark.beyond("comfort")
@pytest.mark.contrast
@pytest.mark.parametrize(
    "change, field",
    [
        ({"email": "ADA@mail.com"}, "email"),
        ({"email": "no address"}, "email"),
        ({"email": "eve@sub.example.com"}, "email"),
        ({"email": "EVE@EXAMPLE.COM"}, "email"),
        ({"name": ""}, "name"),
        ({"name": "x" * 10_000}, "name"),
        ({"name": "nul\x00byte"}, "name"),
        ({"name": ["a", "list"]}, "name"),
        ({"phone": "1" * 51}, "phone"),
    ],
)
def test_a_bad_client_is_an_error_beside_its_field(manager_client, ada, milestones, change, field):
    milestones.on("client-validation")
    assert list(
        assert_answered(manager_client.post("/api/clients/", {**EVE, **change}, content_type=JSON), 400)
    ) == [field]
    assert Client.objects.count() == 1


@pytest.mark.beyond("comfort")
@pytest.mark.contrast
@pytest.mark.parametrize(
    "change, field",
    [
        ({"amount": "-0.01"}, "amount"),
        ({"amount": "NaN"}, "amount"),
        ({"amount": "1e30"}, "amount"),
        ({"status": "LOST"}, "status"),
        ({"title": ""}, "title"),
        ({"client": 999_999}, "client"),
        ({"client": "9" * 40}, "client"),
        ({"client": None}, "client"),
    ],
)
def test_a_bad_order_is_an_error_beside_its_field(manager_client, ada, change, field):
    sent = {"client": ada.pk, "title": "Desk", "amount": "1.00", **change}
    assert list(assert_answered(manager_client.post("/api/orders/", sent, content_type=JSON), 400)) == [field]
    assert Order.objects.count() == 0


@pytest.mark.beyond("comfort")
@pytest.mark.contrast
@pytest.mark.parametrize("body", ["{", "[]", '"text"', "null", "\xff"])
def test_a_body_that_is_no_object_is_an_error(manager_client, milestones, body):
    assert_answered(manager_client.post("/api/clients/", body, content_type=JSON), 400)


@pytest.mark.beyond("races")
@pytest.mark.contrast
def test_two_requests_racing_for_an_address_end_in_an_error_beside_the_field(
    manager_client, milestones, monkeypatch
):
    def taken_meanwhile(*args, **kwargs):
        raise IntegrityError("UNIQUE constraint failed: clients_client.email")

    monkeypatch.setattr(Client, "save", taken_meanwhile)
    assert list(assert_answered(manager_client.post("/api/clients/", EVE, content_type=JSON), 400)) == [
        "email"
    ]


@pytest.mark.beyond("races")
@pytest.mark.contrast
def test_an_order_for_a_client_that_goes_meanwhile_is_an_error_beside_the_field(
    manager_client, ada, monkeypatch
):
    monkeypatch.setattr(
        type(Client.objects.all()), "select_for_update", lambda clients, **kwargs: clients.none()
    )
    sent = {"client": ada.pk, "title": "Desk", "amount": "1.00"}
    assert list(assert_answered(manager_client.post("/api/orders/", sent, content_type=JSON), 400)) == [
        "client"
    ]
    assert MergeRecord.objects.count() == 0


@pytest.fixture
def meanwhile(monkeypatch):
    """Lets something happen between the validation of what was sent and its being saved."""
    validate = BaseSerializer.is_valid

    def arrange(happen):
        monkeypatch.setattr(
            BaseSerializer, "is_valid", lambda sent, **how: (validate(sent, **how), happen())[0]
        )

    return arrange


@pytest.mark.beyond("races")
@pytest.mark.contrast
@pytest.mark.parametrize("path", ["/api/clients/{client}/", "/api/orders/{order}/"])
def test_what_goes_while_it_is_changed_does_not_come_back(manager_client, desk, meanwhile, path):
    meanwhile(Client.objects.all().delete)
    url = path.format(client=desk.client_id, order=desk.pk)
    assert_answered(manager_client.patch(url, {"name": "Eve", "title": "Lamp"}, content_type=JSON), 404)
    assert (Client.objects.count(), Order.objects.count()) == (0, 0)


@pytest.mark.beyond("races")
@pytest.mark.contrast
def test_a_change_leaves_alone_what_somebody_else_has_changed_meanwhile(manager_client, desk, meanwhile):
    other = baker.make(Client, email="other@mail.com")
    meanwhile(lambda: Order.objects.update(client=other))
    sent = manager_client.patch(f"/api/orders/{desk.pk}/", {"title": "Lamp"}, content_type=JSON)
    assert assert_answered(sent, 200)["client"] == other.pk
    assert list(Order.objects.values_list("client", "title")) == [(other.pk, "Lamp")]


@pytest.mark.beyond("races")
@pytest.mark.contrast
def test_an_order_does_not_go_to_a_client_that_goes_meanwhile(manager_client, desk, meanwhile):
    other = baker.make(Client, email="other@mail.com")
    meanwhile(Client.objects.filter(pk=other.pk).delete)
    sent = manager_client.patch(f"/api/orders/{desk.pk}/", {"client": other.pk}, content_type=JSON)
    assert list(assert_answered(sent, 400)) == ["client"]
    assert Order.objects.get().client_id == desk.client_id


@pytest.mark.beyond("comfort")
@pytest.mark.contrast
def test_nobody_makes_a_client_vip_by_hand(manager_client, ada):
    """Milestone 11 does, by the address."""
    sent = {"vip": True, "phone": "0171"}
    assert_answered(manager_client.patch(f"/api/clients/{ada.pk}/", sent, content_type=JSON), 200)
    ada.refresh_from_db()
    assert (ada.phone, ada.vip) == ("0171", False)
