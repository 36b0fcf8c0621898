"""Milestone 14: the CRM for other programs, reading only."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from model_bakery import baker

from clients.models import Client, Order
from tests.fixtures import assert_not_switched_off, browser_of, no_query_per_row

CLIENT_FIELDS = ["id", "name", "email", "phone", "vip", "created_at", "orders_count", "orders_total"]
ORDER_FIELDS = ["id", "client", "title", "amount", "status", "created_at"]
MOMENT = datetime(2026, 10, 31, 12, 30, tzinfo=UTC)


@pytest.fixture
def ada(milestones) -> Client:
    ada = baker.make(Client, name="Ada Lovelace", email="ada@mail.com", phone="0171")
    for amount, status in (("10.00", "NEW"), ("20.50", "NEW"), ("0.01", "DONE")):
        baker.make(Order, client=ada, title="Desk", amount=Decimal(amount), status=status)
    Client.objects.update(created_at=MOMENT)
    return ada


@pytest.fixture
def bob(milestones) -> Client:
    bob = baker.make(Client, name="Bob", email="bob@mail.com")
    baker.make(Order, client=bob, title="Lamp", amount=5, status="IN_PROGRESS")
    return bob


def answered(response, status: int = 200):
    """The JSON of an answer with this status."""
    assert response.status_code == status, (
        f"expected {status}, got {response.status_code}: {response.content[:300]!r}"
    )
    assert response["Content-Type"] == "application/json"
    return response.json()


def names(response) -> list[str]:
    return [client["name"] for client in answered(response)["results"]]


# --- The seed's checks ------------------------------------------------------------------------------------------------
@pytest.mark.required
@pytest.mark.contrast
def test_clients_are_a_page_of_json_newest_first(guest, ada, bob):
    found = answered(guest.get("/api/clients/"))
    assert list(found) == ["count", "count_exact", "next", "previous", "results"]
    assert (found["count"], found["count_exact"], found["next"], found["previous"]) == (2, True, None, None)
    assert [list(client) for client in found["results"]] == [CLIENT_FIELDS, CLIENT_FIELDS]
    assert [client["name"] for client in found["results"]] == ["Bob", "Ada Lovelace"]


@pytest.mark.required
@pytest.mark.contrast
def test_one_client_comes_with_its_totals(guest, ada):
    assert answered(guest.get(f"/api/clients/{ada.pk}/")) == {
        "id": ada.pk,
        "name": "Ada Lovelace",
        "email": "ada@mail.com",
        "phone": "0171",
        "vip": False,
        "created_at": "2026-10-31T12:30:00Z",
        "orders_count": 3,
        "orders_total": "30.51",
    }


@pytest.mark.required
@pytest.mark.contrast
def test_orders_are_a_page_of_json_newest_first(guest, ada, bob):
    found = answered(guest.get("/api/orders/"))
    assert found["count"] == 4
    assert [list(order) for order in found["results"]] == [ORDER_FIELDS] * 4
    newest = found["results"][0]
    assert (newest["client"], newest["title"], newest["amount"], newest["status"]) == (
        bob.pk,
        "Lamp",
        "5.00",
        "IN_PROGRESS",
    )


@pytest.mark.contrast
def test_one_order_has_an_address_of_its_own(guest, bob):
    order = bob.orders.get()
    assert answered(guest.get(f"/api/orders/{order.pk}/"))["title"] == "Lamp"


@pytest.mark.required
@pytest.mark.contrast
def test_orders_are_filtered_by_their_status(guest, ada, bob):
    for status, count in (("NEW", 2), ("IN_PROGRESS", 1), ("DONE", 1)):
        found = answered(guest.get("/api/orders/", {"status": status}))
        assert [order["status"] for order in found["results"]] == [status] * count


@pytest.mark.required
@pytest.mark.contrast
def test_clients_are_filtered_by_the_status_of_their_orders_each_once(guest, ada, bob):
    assert names(guest.get("/api/clients/", {"status": "NEW"})) == ["Ada Lovelace"]
    assert names(guest.get("/api/clients/", {"status": "IN_PROGRESS"})) == ["Bob"]
    assert answered(guest.get("/api/clients/", {"status": "NEW"}))["results"][0]["orders_total"] == "30.51"


@pytest.mark.required
@pytest.mark.contrast
@pytest.mark.parametrize("path", ["/api/clients/", "/api/orders/"])
def test_an_unknown_status_is_an_error_that_lists_the_known_ones(guest, ada, path):
    error = answered(guest.get(path, {"status": "LOST"}), status=400)
    assert error == {"status": ["LOST is not a status. Known are: NEW, IN_PROGRESS, DONE."]}


@pytest.mark.required
@pytest.mark.contrast
@pytest.mark.parametrize("search", ["ada", "LOVELACE", "ada@MAIL", "ada lovelace"])
def test_clients_are_found_by_name_and_email(guest, ada, bob, search):
    assert names(guest.get("/api/clients/", {"search": search})) == ["Ada Lovelace"]


@pytest.mark.required
@pytest.mark.contrast
def test_a_page_has_ten_and_links_to_the_next(guest, milestones):
    for number in range(12):
        baker.make(Client, name=f"Client {number}", email=f"c{number}@mail.com")
    first = answered(guest.get("/api/clients/", {"search": "client"}))
    assert (len(first["results"]), first["count"], first["previous"]) == (10, 12, None)
    second = answered(guest.get(first["next"]))
    assert [client["name"] for client in second["results"]] == ["Client 1", "Client 0"]
    assert second["next"] is None
    assert "search=client" in second["previous"]


@pytest.mark.required
@pytest.mark.contrast
@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
@pytest.mark.parametrize(
    "path", ["/api/clients/", "/api/clients/{client}/", "/api/orders/", "/api/orders/{order}/"]
)
def test_a_guest_changes_nothing(guest, ada, method, path):
    order = ada.orders.first()
    response = getattr(guest, method)(
        path.format(client=ada.pk, order=order.pk), {}, content_type="application/json"
    )
    assert_not_switched_off(response)
    assert response.status_code in (401, 403, 405)
    assert (Client.objects.count(), Order.objects.count()) == (1, 3)


@pytest.mark.contrast
def test_while_it_only_reads_not_even_staff_may_write(manager_client, ada, milestones):
    milestones.off("api-permissions")
    response = manager_client.post("/api/clients/", {"name": "Eve", "email": "eve@mail.com"})
    answered(response, status=405)
    assert Client.objects.count() == 1


# --- Asked oddly ------------------------------------------------------------------------------------------------------
@pytest.mark.contrast
@pytest.mark.parametrize("page", ["0", "-1", "99", "two", "1e3", "9" * 400, "\x00", ""])
def test_a_page_that_does_not_exist_is_a_404_in_json(guest, ada, page):
    if page == "":
        answered(guest.get("/api/clients/", {"page": page}), status=200)
    else:
        assert answered(guest.get("/api/clients/", {"page": page}), status=404) == {"detail": "Invalid page."}


@pytest.mark.contrast
@pytest.mark.parametrize("search", ["%" * 10_000, "' OR 1=1 --", "<script>", "🚀", '"unclosed', "\x00"])
def test_a_hostile_search_finds_nobody(guest, ada, search):
    assert names(guest.get("/api/clients/", {"search": search})) == []


@pytest.mark.contrast
@pytest.mark.parametrize("path", ["/api/clients/999999/", "/api/orders/999999/"])
def test_what_is_not_there_is_a_404_in_json(guest, milestones, path):
    assert "switched off" not in answered(guest.get(path), status=404)["detail"]


@pytest.mark.parametrize("pk", ["abc", "1.5", "9" * 30, "-1"])
def test_an_id_that_is_none_is_a_404(guest, ada, pk):
    assert guest.get(f"/api/clients/{pk}/").status_code == 404


@pytest.mark.contrast
@pytest.mark.parametrize(
    "ordering, expected",
    [
        ("name", ["Ada Lovelace", "Bob"]),
        ("-name", ["Bob", "Ada Lovelace"]),
        ("created_at", ["Ada Lovelace", "Bob"]),
        ("email", ["Ada Lovelace", "Bob"]),
        ("password", ["Bob", "Ada Lovelace"]),
    ],
)
def test_clients_are_ordered_as_asked_and_never_by_what_is_not_offered(guest, ada, bob, ordering, expected):
    assert names(guest.get("/api/clients/", {"ordering": ordering})) == expected


@pytest.mark.contrast
def test_orders_are_ordered_by_amount_and_narrowed_to_a_client(guest, ada, bob):
    found = answered(guest.get("/api/orders/", {"ordering": "-amount", "client": ada.pk}))
    assert [order["amount"] for order in found["results"]] == ["20.50", "10.00", "0.01"]
    answered(guest.get("/api/orders/", {"client": "9" * 40}), status=400)


@pytest.mark.contrast
def test_the_active_filter_works_with_its_milestone_and_not_without(guest, ada, bob, milestones):
    Order.objects.filter(client=ada).update(status="DONE")
    milestones.on("active-clients")
    assert names(guest.get("/api/clients/", {"active": "true"})) == ["Bob"]
    assert names(guest.get("/api/clients/", {"active": "false"})) == ["Ada Lovelace"]
    milestones.off("active-clients")
    assert names(guest.get("/api/clients/", {"active": "true"})) == ["Bob", "Ada Lovelace"]


def test_a_filter_never_lists_all_active_clients_first(guest, ada, bob, milestones):
    milestones.on("active-clients")
    with CaptureQueriesContext(connection) as queries:
        answered(guest.get("/api/clients/", {"active": "false"}))
    asked = [query["sql"] for query in queries if "clients_order" in query["sql"]]
    assert any("NOT EXISTS" in sql or "NOT (EXISTS" in sql for sql in asked)
    assert not any("IN (SELECT" in sql for sql in asked)


# --- At scale, and for machines ---------------------------------------------------------------------------------------
@pytest.mark.required
@pytest.mark.contrast
@pytest.mark.parametrize("path, queries", [("/api/clients/", 4), ("/api/orders/", 3)])
def test_the_number_of_queries_does_not_grow(guest, milestones, django_assert_num_queries, path, queries):
    """The flags, the count, the page; for clients the totals of that page as well."""
    for size in (2, 30):
        for number in range(size):
            baker.make(
                Order, client=baker.make(Client, email=f"{size}-{number}@mail.com"), amount=1, _quantity=2
            )
        with no_query_per_row(), django_assert_num_queries(queries):
            answered(guest.get(path))


@pytest.mark.contrast
def test_a_large_count_is_said_to_be_an_estimate(guest, milestones, monkeypatch):
    monkeypatch.setattr("clients.pagination.COUNT_LIMIT", 20)
    Client.objects.bulk_create([Client(name="N", email=f"{n}@mail.com") for n in range(30)])
    found = answered(guest.get("/api/clients/", {"search": "mail"}))
    assert (found["count"], found["count_exact"]) == (20, False)
    assert found["next"] is not None


@pytest.mark.contrast
def test_head_and_options_are_answered(guest, ada):
    assert guest.head("/api/clients/").status_code == 200
    assert "GET" in guest.options("/api/clients/")["Allow"]


@pytest.mark.contrast
def test_the_docs_ask_nothing_of_another_host(guest, milestones):
    content = guest.get("/api/docs/").content.decode()
    assert "/static/drf_spectacular_sidecar/swagger-ui-dist/" in content
    assert "http://" not in content.replace("http://testserver", "").replace("http://www.w3.org", "")
    assert "https://" not in content
    assert "<style" not in content, "an inline style, which the Content-Security-Policy refuses"


@pytest.mark.contrast
def test_a_token_is_as_good_as_a_session(guest, learner, ada, settings):
    from rest_framework.authtoken.models import Token

    settings.API_PUBLIC_READ = False
    assert guest.get("/api/clients/").status_code in (401, 403)
    token = Token.objects.create(user=learner)
    answered(guest.get("/api/clients/", headers={"authorization": f"Token {token.key}"}))
    answered(browser_of(learner).get("/api/clients/"))


def test_switched_off_the_api_says_so_in_json(guest, ada, milestones):
    milestones.off("read-only-api")
    for path in ("/api/clients/", f"/api/clients/{ada.pk}/", "/api/orders/"):
        assert "switched off" in answered(guest.get(path), status=404)["detail"]
    for path in ("/api/schema/", "/api/docs/"):
        assert guest.get(path).status_code == 404
