"""Milestone 16: the list is kept for a minute, and forgotten at once when anything on it changes."""

from decimal import Decimal

import pytest
import time_machine
from django.contrib.auth import get_user_model
from django.test import Client as Browser
from model_bakery import baker

from clients.merging.merge import merge_clients
from clients.models import Client, Order
from tests.cached_list import LIST, assert_kept, names, was_built
from tests.fixtures import browser_of, form_data, page, text_of
from tests.sentences import answer, listed


@pytest.fixture
def ada(milestones) -> Client:
    return baker.make(Client, name="Ada Lovelace", email="ada@mail.com")


@pytest.fixture
def committed(django_capture_on_commit_callbacks):
    """What a write inside it announces is announced when it ends, as a commit does."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


def assert_built(browser: Browser, url: str = LIST, *, why: str) -> None:
    assert was_built(browser, url), (
        f"GET {url} was answered from the cache; it should have been built: {why}."
    )


def assert_shows(browser: Browser, *expected: str, when: str) -> None:
    shown = names(browser)
    assert shown == list(expected), f"{when} the list shows {listed(shown)}; {listed(expected)} was expected."


# --- Kept -------------------------------------------------------------------------------------------------------------
@pytest.mark.required
@pytest.mark.contrast
def test_the_list_is_built_once_and_then_kept(learner_client, ada):
    assert_built(learner_client, why="it was asked for the first time")
    assert_kept(learner_client)
    assert_shows(learner_client, "Ada Lovelace", when="From the cache")


@pytest.mark.required
@pytest.mark.contrast
def test_it_is_kept_for_sixty_seconds_and_no_longer(learner_client, ada):
    with time_machine.travel("2026-11-23T12:00:00Z", tick=False) as clock:
        browser = browser_of(get_user_model().objects.get(username="learner"))
        assert_built(browser, why="it was asked for the first time")
        clock.shift(59)
        assert_kept(browser)
        clock.shift(2)
        assert_built(browser, why="it was made more than 60 seconds ago")


# --- Forgotten --------------------------------------------------------------------------------------------------------
@pytest.mark.required
@pytest.mark.contrast
def test_a_client_that_is_updated_shows_on_the_very_next_page(learner_client, ada, committed):
    names(learner_client)
    assert_kept(learner_client)
    url = f"/clients/{ada.pk}/edit/"
    with committed():
        learner_client.post(url, form_data(learner_client.get(url), name="Ada King"))
    learner_client.get(LIST)
    assert_shows(learner_client, "Ada King", when="After Ada Lovelace was renamed")


def added_by_form(browser: Browser, ada: Client) -> None:
    browser.post("/clients/add/", {"name": "Bob", "email": "bob@mail.com"})


def deleted_by_form(browser: Browser, ada: Client) -> None:
    browser.post(f"/clients/{ada.pk}/edit/delete/")


def saved_in_the_admin(browser: Browser, ada: Client) -> None:
    sent = {"name": "Ada King", "email": ada.email, "phone": "", "_save": "Save"}
    formset = {"orders-TOTAL_FORMS": "0", "orders-INITIAL_FORMS": "0"}
    assert browser.post(f"/admin/clients/client/{ada.pk}/change/", {**sent, **formset}).status_code == 302


def deleted_in_the_admin(browser: Browser, ada: Client) -> None:
    sent = {"action": "delete_selected", "_selected_action": [ada.pk], "post": "yes"}
    assert browser.post("/admin/clients/client/", sent).status_code == 302


def changed_by_the_api(browser: Browser, ada: Client) -> None:
    sent = {"name": "Ada King"}
    assert browser.patch(f"/api/clients/{ada.pk}/", sent, content_type="application/json").status_code == 200


def merged(browser: Browser, ada: Client) -> None:
    other = Client.objects.exclude(pk=ada.pk).get()
    merge_clients(keep_id=other.pk, merge_id=ada.pk, merged_by=None)


def created_in_bulk(browser: Browser, ada: Client) -> None:
    Client.objects.bulk_create([Client(name="Bulk", email="bulk@mail.com")])


def updated_in_bulk(browser: Browser, ada: Client) -> None:
    Client.objects.filter(pk=ada.pk).update(name="Ada King")


def bulk_updated(browser: Browser, ada: Client) -> None:
    ada.name = "Ada King"
    Client.objects.bulk_update([ada], ["name"])


def deleted_in_bulk(browser: Browser, ada: Client) -> None:
    Client.objects.filter(pk=ada.pk).delete()


def ordered(browser: Browser, ada: Client) -> None:
    Order.objects.create(client=ada, title="Desk", amount=Decimal(10))


def ordered_in_bulk(browser: Browser, ada: Client) -> None:
    Order.objects.bulk_create([Order(client=ada, title="Desk", amount=Decimal(10))])


def order_deleted(browser: Browser, ada: Client) -> None:
    Order.objects.filter(client__name="Zoe").get().delete()


WRITES = [
    added_by_form,
    deleted_by_form,
    saved_in_the_admin,
    deleted_in_the_admin,
    changed_by_the_api,
    merged,
    created_in_bulk,
    updated_in_bulk,
    bulk_updated,
    deleted_in_bulk,
    ordered,
    ordered_in_bulk,
    order_deleted,
]


@pytest.mark.required
@pytest.mark.contrast
@pytest.mark.parametrize("write", WRITES)
def test_whatever_writes_is_seen_on_the_very_next_page(
    learner_client, admin_client, ada, milestones, committed, write
):
    milestones.on("order-totals", "api-permissions", "merge-clients")
    zoe = baker.make(Client, name="Zoe", email="zoe@mail.com")
    baker.make(Order, client=zoe, title="Lamp", amount=Decimal(5))
    before = page(learner_client.get(LIST)).select_one("main").get_text()
    assert_kept(learner_client)
    with committed():
        write(admin_client, ada)
    assert page(learner_client.get(LIST)).select_one("main").get_text() != before, (
        f"After a change ({write.__name__.replace('_', ' ')}) the list still shows the page of before."
    )


@pytest.mark.switch
@pytest.mark.contrast
def test_a_milestone_that_is_switched_shows_at_once(learner_client, ada, milestones):
    milestones.on("order-totals")
    assert "Number of orders" in text_of(learner_client.get(LIST), "thead")
    assert not was_built(learner_client)
    milestones.off("order-totals")
    assert "Number of orders" not in text_of(learner_client.get(LIST), "thead")


# --- To nobody else ---------------------------------------------------------------------------------------------------
@pytest.mark.required
@pytest.mark.contrast
def test_nobody_gets_the_page_of_somebody_else(learner_client, manager_client, ada):
    for browser, name in (
        (learner_client, "learner"),
        (manager_client, "manager"),
        (learner_client, "learner"),
    ):
        shown = text_of(browser.get(LIST), "#current-user")
        assert shown == name, f"The list that {name} asked for is the page of {shown}."
    assert_kept(learner_client)
    assert_kept(manager_client)


@pytest.mark.required
@pytest.mark.contrast
def test_a_guest_never_gets_a_page_that_was_kept_for_a_user(guest, learner_client, ada):
    assert_built(learner_client, why="it was asked for the first time")
    assert_kept(learner_client)
    response = guest.get(LIST)
    assert response.status_code == 302, (
        f"After the list was kept for a user, {answer(response)} for a guest; the way to the login was expected."
    )


@pytest.mark.required
@pytest.mark.contrast
def test_a_message_is_shown_once_and_never_kept(learner_client, milestones, committed):
    with committed():
        learner_client.post("/clients/add/", {"name": "Ada", "email": "ada@mail.com"})
    message = text_of(learner_client.get(LIST), "#messages")
    assert message, "After a client was added the list shows no message; one was expected, once."
    for _ in range(2):
        shown = page(learner_client.get(LIST)).select_one("#messages")
        assert shown is None or message not in " ".join(shown.get_text(" ").split()), (
            f"The message “{message}” is shown again on the next page; it was kept with it."
        )
    assert_kept(learner_client)


@pytest.mark.required
def test_the_page_holds_no_csrf_token_that_could_be_kept(learner_client, ada):
    assert b"csrfmiddlewaretoken" not in learner_client.get(LIST).content, (
        "The list has a form with a CSRF token; kept with the page, it is somebody else's for whoever comes next."
    )


@pytest.mark.required
def test_a_second_browser_of_the_same_user_can_still_send_forms(learner, ada, committed):
    first, second = (Browser(enforce_csrf_checks=True) for _ in range(2))
    for browser in (first, second):
        browser.force_login(learner, backend="django.contrib.auth.backends.ModelBackend")
        browser.get(LIST)
        url = f"/clients/{ada.pk}/edit/"
        response = browser.post(url, form_data(browser.get(url)))
        assert response.status_code == 302, (
            f"{answer(response)} in one of two browsers of one user; the form was expected to be taken (302)."
        )


@pytest.mark.required
def test_the_browser_keeps_no_copy_of_its_own(learner_client, ada):
    for which in ("built", "kept"):
        header = learner_client.get(LIST).headers.get("Cache-Control", "")
        rules = {rule.strip() for rule in header.split(",")}
        assert rules & {"no-cache", "no-store", "max-age=0"}, (
            f"The {which} list is sent with Cache-Control “{header}”; the browser was expected to ask each time "
            "(no-cache), for nobody can make it forget its own copy."
        )
        assert rules & {"private", "no-store"}, (
            f"The {which} list is sent with Cache-Control “{header}”; it is one user's, so private was expected."
        )


@pytest.mark.switch
def test_switched_off_the_list_is_built_each_time(learner_client, ada, milestones):
    milestones.off("list-cache")
    assert was_built(learner_client)
    assert was_built(learner_client)
