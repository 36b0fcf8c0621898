"""Milestone 15: everybody may read, staff may write, and nobody may ask too often."""

import time
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
import time_machine
from django.core.cache import caches
from django.db import IntegrityError
from django.test import Client as Browser
from django.test import RequestFactory
from model_bakery import baker
from rest_framework.authtoken.models import Token
from rest_framework.serializers import BaseSerializer

from clients.api.throttles import GuestThrottle
from clients.models import Client, MergeRecord, Order
from clients.proxies import client_address
from tests.fixtures import assert_not_switched_off, assert_refused
from tests.sentences import answer, listed

JSON = "application/json"
EVE = {"name": "Eve", "email": "Eve@Mail.com", "phone": ""}


@pytest.fixture
def ada(milestones) -> Client:
    return baker.make(Client, name="Ada Lovelace", email="ada@mail.com")


@pytest.fixture
def desk(ada) -> Order:
    return baker.make(Order, client=ada, title="Desk", amount=Decimal("10.00"))


def answered(response, status: int):
    """What came with this answer; the status must be this one."""
    assert_not_switched_off(response)
    assert response.status_code == status, (
        f"{answer(response)}: {response.content[:300].decode(errors='replace')}; {status} was expected."
    )
    return response.json() if response.content else None


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
    answered(manager_client.post("/api/clients/", EVE, content_type=JSON), 201)
    assert_there(clients=1)
    stored = Client.objects.get()
    assert (stored.name, stored.email) == ("Eve", "eve@mail.com"), (
        f"A POST of {EVE['name']}, {EVE['email']} stored {stored.name}, {stored.email}; Eve, eve@mail.com was expected."
    )


@pytest.mark.contrast
def test_a_client_that_was_added_comes_back_as_it_is_read(manager_client, milestones):
    created = answered(manager_client.post("/api/clients/", EVE, content_type=JSON), 201)
    assert created == answered(manager_client.get(f"/api/clients/{created['id']}/"), 200)
    assert (created["orders_count"], created["orders_total"]) == (0, "0.00")


@pytest.mark.contrast
def test_staff_change_and_delete_a_client(manager_client, ada):
    url = f"/api/clients/{ada.pk}/"
    assert answered(manager_client.patch(url, {"phone": "0171"}, content_type=JSON), 200)["phone"] == "0171"
    assert answered(manager_client.put(url, EVE, content_type=JSON), 200)["name"] == "Eve"
    answered(manager_client.delete(url), 204)
    assert Client.objects.count() == 0


@pytest.mark.required
@pytest.mark.contrast
def test_staff_add_change_and_delete_an_order(manager_client, ada):
    sent = {"client": ada.pk, "title": "Desk", "amount": "10.50"}
    created = answered(manager_client.post("/api/orders/", sent, content_type=JSON), 201)
    assert_there(clients=1, orders=1)
    url = f"/api/orders/{created['id']}/"
    answered(manager_client.patch(url, {"status": "DONE"}, content_type=JSON), 200)
    stored = Order.objects.get()
    assert (stored.title, stored.amount, stored.status) == ("Desk", Decimal("10.50"), "DONE"), (
        f"A Desk for 10.50 was posted and its status changed to DONE; {stored.title} for {stored.amount} in the status "
        f"{stored.status} is stored."
    )
    answered(manager_client.delete(url), 204)
    assert_there(clients=1, orders=0)


@pytest.mark.contrast
def test_an_order_that_was_added_is_new_unless_it_says_otherwise(manager_client, ada):
    sent = {"client": ada.pk, "title": "Desk", "amount": "10.50"}
    created = answered(manager_client.post("/api/orders/", sent, content_type=JSON), 201)
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
            answered(browser.get(path), 200)


def test_reading_can_be_kept_for_those_who_are_logged_in(guest, learner_client, desk, settings):
    settings.API_PUBLIC_READ = False
    assert guest.get("/api/clients/").status_code in (401, 403)
    answered(learner_client.get("/api/clients/"), 200)


@pytest.mark.contrast
def test_a_session_needs_the_csrf_token_and_a_token_does_not(manager, milestones):
    browser = Browser(enforce_csrf_checks=True)
    browser.force_login(manager, backend="django.contrib.auth.backends.ModelBackend")
    assert_refused(browser.post("/api/clients/", EVE, content_type=JSON))
    forged = {"x-csrftoken": "f" * 32}
    assert_refused(browser.post("/api/clients/", EVE, content_type=JSON, headers=forged))
    key = Token.objects.create(user=manager).key
    answered(
        Browser(enforce_csrf_checks=True).post(
            "/api/clients/", EVE, content_type=JSON, headers={"authorization": f"Token {key}"}
        ),
        201,
    )


@pytest.mark.parametrize("key", ["nonsense", "", "x" * 10_000])
def test_a_wrong_token_opens_nothing(guest, milestones, key):
    response = guest.post("/api/clients/", EVE, content_type=JSON, headers={"authorization": f"Token {key}"})
    assert response.status_code in (401, 403)
    assert Client.objects.count() == 0


# --- What they write --------------------------------------------------------------------------------------------------
@pytest.mark.contrast
@pytest.mark.parametrize(
    "change, field",
    [
        ({"email": "ADA@mail.com"}, "email"),
        ({"email": "no address"}, "email"),
        ({"email": "eve@sub.example.com"}, "email"),
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
        answered(manager_client.post("/api/clients/", {**EVE, **change}, content_type=JSON), 400)
    ) == [field]
    assert Client.objects.count() == 1


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
    assert list(answered(manager_client.post("/api/orders/", sent, content_type=JSON), 400)) == [field]
    assert Order.objects.count() == 0


@pytest.mark.contrast
@pytest.mark.parametrize("body", ["{", "[]", '"text"', "null", "\xff"])
def test_a_body_that_is_no_object_is_an_error(manager_client, milestones, body):
    answered(manager_client.post("/api/clients/", body, content_type=JSON), 400)


@pytest.mark.contrast
def test_two_requests_racing_for_an_address_end_in_an_error_beside_the_field(
    manager_client, milestones, monkeypatch
):
    def taken_meanwhile(*args, **kwargs):
        raise IntegrityError("UNIQUE constraint failed: clients_client.email")

    monkeypatch.setattr(Client, "save", taken_meanwhile)
    assert list(answered(manager_client.post("/api/clients/", EVE, content_type=JSON), 400)) == ["email"]


@pytest.mark.contrast
def test_an_order_for_a_client_that_goes_meanwhile_is_an_error_beside_the_field(
    manager_client, ada, monkeypatch
):
    monkeypatch.setattr(
        type(Client.objects.all()), "select_for_update", lambda clients, **kwargs: clients.none()
    )
    sent = {"client": ada.pk, "title": "Desk", "amount": "1.00"}
    assert list(answered(manager_client.post("/api/orders/", sent, content_type=JSON), 400)) == ["client"]
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


@pytest.mark.contrast
@pytest.mark.parametrize("path", ["/api/clients/{client}/", "/api/orders/{order}/"])
def test_what_goes_while_it_is_changed_does_not_come_back(manager_client, desk, meanwhile, path):
    meanwhile(Client.objects.all().delete)
    url = path.format(client=desk.client_id, order=desk.pk)
    answered(manager_client.patch(url, {"name": "Eve", "title": "Lamp"}, content_type=JSON), 404)
    assert (Client.objects.count(), Order.objects.count()) == (0, 0)


@pytest.mark.contrast
def test_a_change_leaves_alone_what_somebody_else_has_changed_meanwhile(manager_client, desk, meanwhile):
    other = baker.make(Client, email="other@mail.com")
    meanwhile(lambda: Order.objects.update(client=other))
    sent = manager_client.patch(f"/api/orders/{desk.pk}/", {"title": "Lamp"}, content_type=JSON)
    assert answered(sent, 200)["client"] == other.pk
    assert list(Order.objects.values_list("client", "title")) == [(other.pk, "Lamp")]


@pytest.mark.contrast
def test_while_it_only_reads_the_allow_header_offers_nothing_else(guest, ada, milestones):
    assert guest.options("/api/clients/")["Allow"] == "GET, HEAD, OPTIONS, POST"
    milestones.off("api-permissions")
    assert guest.options("/api/clients/")["Allow"] == "GET, HEAD, OPTIONS"
    assert guest.post("/api/clients/")["Allow"] == "GET, HEAD, OPTIONS"


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
    answered(guest.get("/api/clients/"), 200)


@pytest.mark.required
@pytest.mark.contrast
def test_a_user_has_a_limit_of_their_own_wherever_they_are(
    learner_client, manager_client, guest, milestones, sparing
):
    assert_let_through(statuses_of(learner_client, 6), limit=5, who="one user")
    answered(manager_client.get("/api/clients/"), 200)
    answered(guest.get("/api/clients/"), 200)
    elsewhere = statuses_of(learner_client, 1, REMOTE_ADDR="203.0.113.9")
    assert elsewhere == [429], (
        f"A user who had asked too often was answered {elsewhere[0]} at another address; 429 was expected, the limit "
        "is the user's."
    )


@pytest.mark.contrast
def test_each_guests_address_counts_by_itself(guest, milestones, sparing):
    for _ in range(3):
        answered(guest.get("/api/clients/", REMOTE_ADDR="203.0.113.1"), 200)
    assert guest.get("/api/clients/", REMOTE_ADDR="203.0.113.1").status_code == 429
    answered(guest.get("/api/clients/", REMOTE_ADDR="203.0.113.2"), 200)


@pytest.mark.contrast
def test_a_forged_header_makes_nobody_somebody_else(guest, milestones, sparing, settings):
    """Behind a trusted proxy its last entry counts; what the visitor wrote himself stands further left."""
    settings.TRUSTED_PROXIES = ["10.0.0.0/8"]

    def ask(forwarded: str, address: str = "10.1.2.3") -> int:
        headers = {"x-forwarded-for": forwarded}
        return guest.get("/api/clients/", REMOTE_ADDR=address, headers=headers).status_code

    assert [ask(f"1.1.1.{n}, 203.0.113.1") for n in range(4)] == [200, 200, 200, 429]
    assert ask("203.0.113.2") == 200
    assert [ask(f"1.1.1.{n}", address="198.51.100.7") for n in range(4)] == [200, 200, 200, 429]


@pytest.mark.parametrize(
    "address, forwarded, expected",
    [
        ("203.0.113.1", "", "203.0.113.1"),
        ("203.0.113.1", "1.1.1.1", "203.0.113.1"),
        ("10.0.0.1", "1.1.1.1", "1.1.1.1"),
        ("10.0.0.1", "1.1.1.1, 2.2.2.2", "2.2.2.2"),
        ("10.0.0.1", "1.1.1.1, 2.2.2.2, 10.0.0.2", "2.2.2.2"),
        ("10.0.0.1", " , ", "10.0.0.1"),
        ("10.0.0.1", "nonsense", "10.0.0.1"),
        ("", "1.1.1.1", ""),
    ],
)
def test_the_visitors_address_is_the_last_that_no_trusted_proxy_wrote(settings, address, forwarded, expected):
    settings.TRUSTED_PROXIES = ["10.0.0.0/8"]
    request = RequestFactory().get("/", REMOTE_ADDR=address, HTTP_X_FORWARDED_FOR=forwarded)
    assert client_address(request) == expected


def test_requests_that_come_at_once_are_all_counted(settings, sparing):
    """One atomic step counts; reading a list of times, then writing it back, lets requests slip through together."""
    throttle = GuestThrottle()
    with ThreadPoolExecutor(8) as pool:
        counts = list(pool.map(lambda _: throttle.count_up("throttle_anon_burst"), range(80)))
    assert sorted(counts) == list(range(1, 81))


def test_while_the_shared_cache_is_away_each_process_counts_by_itself(
    guest, milestones, sparing, monkeypatch
):
    def away(*args, **kwargs):
        raise ValueError("the cache is away")

    shared = caches["default"]
    monkeypatch.setattr(shared, "incr", away)
    assert [guest.get("/api/clients/").status_code for _ in range(4)] == [200, 200, 200, 429]


def test_switched_off_the_api_only_reads_and_counts_nobody(guest, manager_client, milestones, sparing):
    milestones.off("api-permissions")
    assert [guest.get("/api/clients/").status_code for _ in range(6)] == [200] * 6
    assert manager_client.post("/api/clients/", EVE, content_type=JSON).status_code == 405
