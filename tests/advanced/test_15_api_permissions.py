"""Milestone 15: everybody may read, staff may write, and nobody may ask too often."""

import time
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
import time_machine
from django.core.cache import caches
from django.test import Client as Browser

from clients.api.throttles import GuestThrottle
from clients.models import Client, Order
from tests.advanced.api import EVE, JSON, assert_answered
from tests.fixtures import assert_not_switched_off, assert_refused
from tests.sentences import answer, listed

pytest_plugins = ["tests.advanced.api_fixtures"]


def assert_guest_refused(response) -> None:
    """401 asks who it is, 403 says no: which of them depends on how the API lets people log in."""
    assert_not_switched_off(response)
    assert response.status_code in (401, 403), (
        f"As a guest, {answer(response)}; a refusal (401 or 403) was expected."
    )


def assert_there(*, clients: int = 0, orders: int = 0) -> None:
    """So many rows are in the database, whatever was answered."""
    found = (Client.objects.count(), Order.objects.count())
    assert found == (clients, orders), (
        f"Afterwards there are {found[0]} clients and {found[1]} orders; {clients} and {orders} were expected."
    )


def statuses_of(browser: Browser, times: int, **how: str) -> list[int]:
    """What so many requests, one after the other, are answered."""
    return [browser.get("/api/clients/", **how).status_code for _ in range(times)]


def assert_let_through(found: list[int], *, limit: int, who: str) -> None:
    """The first requests up to the limit are answered, the others are told to wait."""
    expected = [200] * limit + [429] * (len(found) - limit)
    assert found == expected, (
        f"With a limit of {limit} a minute, {len(found)} requests of {who} were answered {listed(found)}; the first "
        f"{limit} were expected to be answered 200 and the rest 429."
    )


# --- Who may write ----------------------------------------------------------------------------------------------------
@pytest.mark.required
@pytest.mark.contrast
def test_a_post_by_a_user_who_is_not_staff_is_forbidden(learner_client, milestones):
    assert_refused(learner_client.post("/api/clients/", EVE, content_type=JSON))
    assert_there(clients=0)


@pytest.mark.required
@pytest.mark.contrast
def test_a_post_by_a_guest_is_refused(guest, milestones):
    assert_guest_refused(guest.post("/api/clients/", EVE, content_type=JSON))
    assert_there(clients=0)


@pytest.mark.required
@pytest.mark.contrast
def test_staff_add_a_client_whose_email_is_lower_cased(manager_client, milestones):
    assert_answered(manager_client.post("/api/clients/", EVE, content_type=JSON), 201)
    assert_there(clients=1)
    stored = Client.objects.get()
    assert (stored.name, stored.email) == ("Eve", "eve@mail.com"), (
        f"A POST of {EVE['name']}, {EVE['email']} stored {stored.name}, {stored.email}; Eve, eve@mail.com was expected."
    )


@pytest.mark.beyond("comfort")
@pytest.mark.contrast
def test_a_client_that_was_added_comes_back_as_it_is_read(manager_client, milestones):
    created = assert_answered(manager_client.post("/api/clients/", EVE, content_type=JSON), 201)
    assert created == assert_answered(manager_client.get(f"/api/clients/{created['id']}/"), 200)
    assert (created["orders_count"], created["orders_total"]) == (0, "0.00")


@pytest.mark.beyond("comfort")
@pytest.mark.contrast
def test_staff_change_and_delete_a_client(manager_client, ada):
    url = f"/api/clients/{ada.pk}/"
    assert (
        assert_answered(manager_client.patch(url, {"phone": "0171"}, content_type=JSON), 200)["phone"]
        == "0171"
    )
    assert assert_answered(manager_client.put(url, EVE, content_type=JSON), 200)["name"] == "Eve"
    assert_answered(manager_client.delete(url), 204)
    assert Client.objects.count() == 0


@pytest.mark.required
@pytest.mark.contrast
def test_staff_add_change_and_delete_an_order(manager_client, ada):
    sent = {"client": ada.pk, "title": "Desk", "amount": "10.50"}
    created = assert_answered(manager_client.post("/api/orders/", sent, content_type=JSON), 201)
    assert_there(clients=1, orders=1)
    url = f"/api/orders/{created['id']}/"
    assert_answered(manager_client.patch(url, {"status": "DONE"}, content_type=JSON), 200)
    stored = Order.objects.get()
    assert (stored.title, stored.amount, stored.status) == ("Desk", Decimal("10.50"), "DONE"), (
        f"A Desk for 10.50 was posted and its status changed to DONE; {stored.title} for {stored.amount} in the status "
        f"{stored.status} is stored."
    )
    assert_answered(manager_client.delete(url), 204)
    assert_there(clients=1, orders=0)


@pytest.mark.beyond("comfort")
@pytest.mark.contrast
def test_an_order_that_was_added_is_new_unless_it_says_otherwise(manager_client, ada):
    sent = {"client": ada.pk, "title": "Desk", "amount": "10.50"}
    created = assert_answered(manager_client.post("/api/orders/", sent, content_type=JSON), 201)
    assert (created["status"], created["amount"]) == ("NEW", "10.50")


@pytest.mark.required
@pytest.mark.contrast
@pytest.mark.parametrize("method", ["put", "patch", "delete"])
@pytest.mark.parametrize("path", ["/api/clients/{client}/", "/api/orders/{order}/"])
def test_no_other_write_is_open_to_anybody_else(guest, learner_client, desk, method, path):
    url = path.format(client=desk.client_id, order=desk.pk)
    assert_guest_refused(getattr(guest, method)(url, {}, content_type=JSON))
    assert_refused(getattr(learner_client, method)(url, {}, content_type=JSON))
    assert_there(clients=1, orders=1)


@pytest.mark.required
def test_everybody_may_read(guest, learner_client, manager_client, desk):
    for browser in (guest, learner_client, manager_client):
        for path in (
            "/api/clients/",
            f"/api/clients/{desk.client_id}/",
            "/api/orders/",
            f"/api/orders/{desk.pk}/",
        ):
            assert_answered(browser.get(path), 200)


@pytest.mark.beyond("comfort")
def test_reading_can_be_kept_for_those_who_are_logged_in(guest, learner_client, desk, settings):
    settings.API_PUBLIC_READ = False
    assert guest.get("/api/clients/").status_code in (401, 403)
    assert_answered(learner_client.get("/api/clients/"), 200)


# --- How often --------------------------------------------------------------------------------------------------------
@pytest.fixture
def sparing(settings):
    """Three requests a minute for a guest, five for a user; the clock stands still, ten seconds into a minute."""
    settings.API_THROTTLE_ANON = "3/min"
    settings.API_THROTTLE_USER = "5/min"
    with time_machine.travel(time.time() // 60 * 60 + 10, tick=False) as clock:
        yield clock


@pytest.mark.required
@pytest.mark.contrast
def test_a_guest_who_asks_too_often_is_told_when_to_come_back(guest, milestones, sparing):
    assert_let_through(statuses_of(guest, 5), limit=3, who="a guest")
    refused = guest.get("/api/orders/")
    assert refused.status_code == 429, (
        f"After too many requests for clients, {answer(refused)}; 429 was expected, the limit is one for the whole API."
    )
    seconds = refused.headers.get("Retry-After", "")
    # A window that slides, one that begins with each minute, and a finely counted one wait differently long.
    assert seconds in {str(number) for number in range(1, 66)}, (
        f"The answer 429 has the Retry-After header “{seconds}”; about a minute at most was expected, in seconds."
    )
    sparing.shift(int(seconds))
    assert_answered(guest.get("/api/clients/"), 200)


@pytest.mark.required
@pytest.mark.contrast
def test_a_user_has_a_limit_of_their_own_wherever_they_are(
    learner_client, manager_client, guest, milestones, sparing
):
    assert_let_through(statuses_of(learner_client, 6), limit=5, who="one user")
    assert_answered(manager_client.get("/api/clients/"), 200)
    assert_answered(guest.get("/api/clients/"), 200)
    elsewhere = statuses_of(learner_client, 1, REMOTE_ADDR="203.0.113.9")
    assert elsewhere == [429], (
        f"A user who had asked too often was answered {elsewhere[0]} at another address; 429 was expected, the limit "
        "is the user's."
    )


@pytest.mark.beyond("races")
def test_requests_that_come_at_once_are_all_counted(settings, sparing):
    """One atomic step counts; reading a list of times, then writing it back, lets requests slip through together."""
    throttle = GuestThrottle()
    with ThreadPoolExecutor(8) as pool:
        counts = list(pool.map(lambda _: throttle.count_up("throttle_anon_burst"), range(80)))
    assert sorted(counts) == list(range(1, 81))


@pytest.mark.beyond("outages")
def test_while_the_shared_cache_is_away_each_process_counts_by_itself(
    guest, milestones, sparing, monkeypatch
):
    def away(*args, **kwargs):
        raise ValueError("the cache is away")

    shared = caches["default"]
    monkeypatch.setattr(shared, "incr", away)
    assert [guest.get("/api/clients/").status_code for _ in range(4)] == [200, 200, 200, 429]


@pytest.mark.switch
def test_switched_off_the_api_only_reads_and_counts_nobody(guest, manager_client, milestones, sparing):
    milestones.off("api-permissions")
    assert [guest.get("/api/clients/").status_code for _ in range(6)] == [200] * 6
    assert manager_client.post("/api/clients/", EVE, content_type=JSON).status_code == 405
