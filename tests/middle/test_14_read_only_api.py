"""Milestone 14: the CRM for other programs, reading only."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from model_bakery import baker

from clients.models import Client, Order
from tests.fixtures import assert_not_switched_off, browser_of, no_query_per_row
from tests.middle.api import MOMENT, answered, assert_names, make_ada, make_bob
from tests.sentences import answer, listed

PAGE = {"count", "next", "previous", "results"}


@pytest.fixture
def ada(milestones) -> Client:
    return make_ada()


@pytest.fixture
def bob(milestones) -> Client:
    return make_bob()


def assert_page(found: dict[str, object], *, count: int) -> None:
    """The only page of so many rows."""
    assert set(found) >= PAGE, (
        f"The page has {listed(found)}; count, next, previous and results were expected."
    )
    told = [found["count"], len(found["results"]), found["next"], found["previous"]]
    assert told == [count, count, None, None], (
        f"The page says count {told[0]}, holds {told[1]} rows and links to {told[2]} and {told[3]}; {count} rows and "
        "no links were expected."
    )


def assert_fields(row: dict[str, object], **expected: object) -> None:
    """The row has exactly these fields."""
    differ = {name for name in {*row, *expected} if row.get(name, "missing") != expected.get(name, "missing")}
    told = [
        f"{name} {row.get(name, 'missing')!r} instead of {expected.get(name, 'nothing')!r}" for name in differ
    ]
    assert not differ, f"The API shows {listed(sorted(told))}."


# --- The seed's checks ------------------------------------------------------------------------------------------------
@pytest.mark.required
@pytest.mark.contrast
def test_clients_are_a_page_of_json_newest_first(guest, ada, bob):
    response = guest.get("/api/clients/")
    found = answered(response)
    assert_page(found, count=2)
    assert_names(response, "Bob", "Ada Lovelace")


@pytest.mark.beyond("comfort")
@pytest.mark.contrast
def test_a_count_says_whether_it_is_exact(guest, ada, bob):
    assert answered(guest.get("/api/clients/"))["count_exact"] is True


@pytest.mark.required
@pytest.mark.contrast
def test_one_client_comes_with_its_totals(guest, ada):
    assert_fields(
        answered(guest.get(f"/api/clients/{ada.pk}/")),
        id=ada.pk,
        name="Ada Lovelace",
        email="ada@mail.com",
        phone="0171",
        vip=False,
        created_at="2026-10-31T12:30:00Z",
        orders_count=3,
        orders_total="30.51",
    )


@pytest.mark.required
@pytest.mark.contrast
def test_orders_are_a_page_of_json_newest_first(guest, ada, bob):
    Order.objects.filter(client=bob).update(created_at=MOMENT + timedelta(days=400))
    found = answered(guest.get("/api/orders/"))
    assert_page(found, count=4)
    assert_fields(
        found["results"][0],
        id=bob.orders.get().pk,
        client=bob.pk,
        title="Lamp",
        amount="5.00",
        status="IN_PROGRESS",
        created_at="2027-12-05T12:30:00Z",
    )


@pytest.mark.beyond("comfort")
@pytest.mark.contrast
def test_one_order_has_an_address_of_its_own(guest, bob):
    order = bob.orders.get()
    assert answered(guest.get(f"/api/orders/{order.pk}/"))["title"] == "Lamp"


@pytest.mark.required
@pytest.mark.contrast
def test_orders_are_filtered_by_their_status(guest, ada, bob):
    for status, count in (("NEW", 2), ("IN_PROGRESS", 1), ("DONE", 1)):
        found = [
            order["status"] for order in answered(guest.get("/api/orders/", {"status": status}))["results"]
        ]
        assert found == [status] * count, (
            f"/api/orders/?status={status} shows orders with the status {listed(found, 'of none')}; "
            f"{count} with {status} {'was' if count == 1 else 'were'} expected."
        )


@pytest.mark.required
@pytest.mark.contrast
def test_clients_are_filtered_by_the_status_of_their_orders_each_once(guest, ada, bob):
    assert_names(guest.get("/api/clients/", {"status": "NEW"}), "Ada Lovelace")
    assert_names(guest.get("/api/clients/", {"status": "IN_PROGRESS"}), "Bob")
    total = answered(guest.get("/api/clients/", {"status": "NEW"}))["results"][0]["orders_total"]
    assert total == "30.51", (
        f"/api/clients/?status=NEW gives Ada the total {total}; all her orders are 30.51."
    )


@pytest.mark.required
@pytest.mark.contrast
@pytest.mark.parametrize("path", ["/api/clients/", "/api/orders/"])
def test_an_unknown_status_is_an_error(guest, ada, path):
    error = answered(guest.get(path, {"status": "LOST"}), status=400)
    assert "status" in error, (
        f"{path}?status=LOST is refused with {error}, which does not name the parameter `status`."
    )


@pytest.mark.beyond("comfort")
@pytest.mark.contrast
@pytest.mark.parametrize("path", ["/api/clients/", "/api/orders/"])
def test_the_error_lists_the_known_ones(guest, ada, path):
    error = answered(guest.get(path, {"status": "LOST"}), status=400)
    assert error == {"status": ["LOST is not a status. Known are: NEW, IN_PROGRESS, DONE."]}


@pytest.mark.required
@pytest.mark.contrast
@pytest.mark.parametrize("search", ["ada", "LOVELACE", "ada@MAIL", "ada lovelace"])
def test_clients_are_found_by_name_and_email(guest, ada, bob, search):
    assert_names(guest.get("/api/clients/", {"search": search}), "Ada Lovelace")


@pytest.mark.required
@pytest.mark.contrast
def test_a_page_has_ten_and_links_to_the_next(guest, milestones):
    for number in range(12):
        baker.make(Client, name=f"Client {number}", email=f"c{number}@mail.com")
    first = answered(guest.get("/api/clients/", {"search": "client"}))
    shown = len(first["results"])
    assert shown == 10, f"12 clients match; page 1 shows {shown} of them, and 10 were expected."
    assert first["count"] == 12, f"12 clients match; the page says “count”: {first['count']}."
    assert first["next"], "Page 1 of 2 has no link in “next”."
    second = guest.get(first["next"])
    assert_names(second, "Client 1", "Client 0")
    following, before = answered(second)["next"], answered(second)["previous"]
    assert following is None, f"The last page says “next”: {following}."
    assert "search=client" in (before or ""), f"The link back, {before}, forgets the search (search=client)."


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
    assert response.status_code in (401, 403, 405), (
        f"{answer(response)}; a refusal (401, 403 or 405) was expected."
    )
    left = (Client.objects.count(), Order.objects.count())
    assert left == (1, 3), (
        f"{answer(response)}, and of 1 client and 3 orders {left[0]} and {left[1]} are there now."
    )


@pytest.mark.beyond("hostile")
@pytest.mark.contrast
def test_while_it_only_reads_not_even_staff_may_write(manager_client, ada, milestones):
    milestones.off("api-permissions")
    response = manager_client.post("/api/clients/", {"name": "Eve", "email": "eve@mail.com"})
    answered(response, status=405)
    assert Client.objects.count() == 1


# --- At scale, and for machines ---------------------------------------------------------------------------------------
def queries_with(more: int, browser, path: str) -> int:
    """How many a page sends with so many more clients. Zeal names the line that asks once for each row."""
    for number in range(more):
        baker.make(Order, client=baker.make(Client, email=f"{more}-{number}@mail.com"), amount=1, _quantity=2)
    with no_query_per_row(), CaptureQueriesContext(connection) as captured:
        answered(browser.get(path))
    return len(captured)


@pytest.mark.required
@pytest.mark.contrast
@pytest.mark.parametrize("path", ["/api/clients/", "/api/orders/"])
def test_the_number_of_queries_does_not_grow(guest, milestones, path):
    few = queries_with(2, guest, path)
    many = queries_with(30, guest, path)
    assert few == many, (
        f"{path} sends {few} queries with 2 clients and {many} with 32; the same number was expected for both."
    )


@pytest.mark.beyond("scale")
@pytest.mark.contrast
@pytest.mark.parametrize("path, queries", [("/api/clients/", 4), ("/api/orders/", 3)])
def test_a_page_costs_no_more_than_these_queries(guest, milestones, path, queries):
    """The flags, the count, the page; for clients the totals of that page as well."""
    assert queries_with(3, guest, path) <= queries


@pytest.mark.beyond("scale")
@pytest.mark.contrast
def test_a_large_count_is_said_to_be_an_estimate(guest, milestones, monkeypatch):
    monkeypatch.setattr("clients.search.large_tables.MATCH_LIMIT", 20)
    Client.objects.bulk_create([Client(name="N", email=f"{n}@mail.com") for n in range(30)])
    found = answered(guest.get("/api/clients/", {"search": "mail"}))
    assert (found["count"], found["count_exact"]) == (20, False)
    assert found["next"] is not None


@pytest.mark.beyond("comfort")
@pytest.mark.contrast
def test_head_and_options_are_answered(guest, ada):
    assert guest.head("/api/clients/").status_code == 200
    assert "GET" in guest.options("/api/clients/")["Allow"]


@pytest.mark.beyond("comfort")
@pytest.mark.contrast
def test_the_docs_ask_nothing_of_another_host(guest, milestones):
    content = guest.get("/api/docs/").content.decode()
    assert "/static/drf_spectacular_sidecar/swagger-ui-dist/" in content
    assert "http://" not in content.replace("http://testserver", "").replace("http://www.w3.org", "")
    assert "https://" not in content
    assert "<style" not in content, "an inline style, which the Content-Security-Policy refuses"


@pytest.mark.beyond("hostile")
@pytest.mark.contrast
def test_a_token_is_as_good_as_a_session(guest, learner, ada, settings):
    from rest_framework.authtoken.models import Token

    settings.API_PUBLIC_READ = False
    assert guest.get("/api/clients/").status_code in (401, 403)
    token = Token.objects.create(user=learner)
    answered(guest.get("/api/clients/", headers={"authorization": f"Token {token.key}"}))
    answered(browser_of(learner).get("/api/clients/"))


@pytest.mark.switch
def test_switched_off_the_api_says_so_in_json(guest, ada, milestones):
    milestones.off("read-only-api")
    for path in ("/api/clients/", f"/api/clients/{ada.pk}/", "/api/orders/"):
        assert "switched off" in answered(guest.get(path), status=404)["detail"]
    for path in ("/api/schema/", "/api/docs/"):
        assert guest.get(path).status_code == 404
