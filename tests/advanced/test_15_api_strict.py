"""Milestone 15: what is only nearly right is refused (400): nothing is guessed at, no answer is a server's error."""

import json

import pytest
from model_bakery import baker

from clients.models import Client, Order
from tests.fixtures import assert_not_switched_off

pytestmark = pytest.mark.beyond("hostile")

JSON = "application/json"
DESK = {"title": "Desk", "amount": "12.50"}
# As they stand in JSON.
NEARLY_IDS = [
    "1e400",
    "-1e400",
    "10.0",
    "10.5",
    "true",
    "null",
    "[10]",
    "{}",
    "-10",
    '"10.0"',
    '"1_0"',
    '"١٠"',
]
NEARLY_IDS += ['" 10"', '"\\u0000"', '"\\ud800"', "9" * 30, "9" * 400, "9" * 5000, f'"{"9" * 400}"']
BODIES = [
    "NaN",
    "-Infinity",
    "1e999",
    '{"a": NaN}',
    '{"a": 1e400}',
    '{"a": [["\\udfff"]]}',
    "{",
    "[]",
    "null",
    '"a"',
]
BODIES += [
    "\x00",
    "9" * 5000,
    "[" * 50_000,
    "[" * 50_000 + "]" * 50_000,
    '{"a":' * 50_000 + "1" + "}" * 50_000,
]


@pytest.fixture
def ada(milestones) -> Client:
    return baker.make(Client, pk=10, name="Ada", email="ada@mail.com")


@pytest.fixture
def desk(ada) -> Order:
    return baker.make(Order, client=ada, **DESK)


def refused(response) -> dict[str, object]:
    assert_not_switched_off(response)
    assert response.status_code == 400, f"expected 400, got {response.status_code}"
    return response.json()


@pytest.mark.parametrize("client", NEARLY_IDS)
def test_an_id_that_is_only_nearly_one_is_refused(manager_client, ada, client):
    sent = f'{{"client": {client}, "title": "Desk", "amount": "12.50"}}'
    refused(manager_client.post("/api/orders/", sent, content_type=JSON))
    assert not Order.objects.exists()


@pytest.mark.parametrize("client", ["10", '"10"'])
def test_an_id_may_be_a_number_or_its_digits(manager_client, ada, client):
    sent = f'{{"client": {client}, "title": "Desk", "amount": "12.50"}}'
    assert manager_client.post("/api/orders/", sent, content_type=JSON).json()["client"] == ada.pk


@pytest.mark.parametrize("method", ["post", "put", "patch"])
@pytest.mark.parametrize("field", ["title", "status", "amount", "client", "unknown"])
def test_half_a_character_is_refused_in_every_field_of_an_order(manager_client, desk, method, field):
    url = "/api/orders/" if method == "post" else f"/api/orders/{desk.pk}/"
    sent = json.dumps({**DESK, "client": desk.client_id, field: "\ud800"})
    assert "parse error" in refused(getattr(manager_client, method)(url, sent, content_type=JSON))["detail"]
    assert Order.objects.values_list("title", "status").get() == ("Desk", "NEW")


@pytest.mark.parametrize("method", ["post", "put", "patch"])
@pytest.mark.parametrize("field", ["name", "email", "phone", "vip", "\ud800"])
def test_half_a_character_is_refused_in_every_field_of_a_client(manager_client, ada, method, field):
    url = "/api/clients/" if method == "post" else f"/api/clients/{ada.pk}/"
    sent = json.dumps({"name": "Eve", "email": "eve@mail.com", field: "\ud800"})
    refused(getattr(manager_client, method)(url, sent, content_type=JSON))
    assert list(Client.objects.values_list("name", flat=True)) == ["Ada"]


@pytest.mark.parametrize("body", BODIES)
@pytest.mark.parametrize("method", ["post", "put", "patch"])
def test_a_body_that_is_no_object_of_json_is_refused(manager_client, desk, method, body):
    url = "/api/orders/" if method == "post" else f"/api/orders/{desk.pk}/"
    refused(getattr(manager_client, method)(url, body, content_type=JSON))


@pytest.mark.parametrize("charset", ["utf-7", "hex", "raw_unicode_escape", "utf-16"])
def test_a_body_in_another_encoding_is_refused(manager_client, ada, charset):
    sent = b'{"client": 10, "title": "+2AA-", "amount": "1"}'
    answer = manager_client.generic("POST", "/api/orders/", sent, f"{JSON}; charset={charset}")
    assert answer.status_code == 400
    assert not Order.objects.exists()
