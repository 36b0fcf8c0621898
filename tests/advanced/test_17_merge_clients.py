"""Milestone 17: two entries of one client become one, with all orders, or nothing changes at all."""

from decimal import Decimal
from pathlib import Path
from threading import Barrier, Thread

import pytest
from django.core.files.base import ContentFile
from django.db import connection, connections
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from model_bakery import baker

from clients import merging
from clients.merging import MergeError, merge_clients, preview_merge
from clients.models import Client, MergeRecord, Order
from tests.fixtures import (
    assert_gone,
    assert_refused,
    assert_sent_to_login,
    assert_switched_off,
    page,
    text_of,
)

URL = "/clients/merge/"


@pytest.fixture
def keep(milestones) -> Client:
    keep = baker.make(Client, name="Ada Lovelace", email="ada@mail.com")
    baker.make(Order, client=keep, title="Desk", amount=Decimal("10.00"))
    return keep


@pytest.fixture
def merge(milestones) -> Client:
    merge = baker.make(Client, name="A. Lovelace", email="a.lovelace@mail.com", phone="0171", vip=True)
    for amount in ("20.50", "0.01"):
        baker.make(Order, client=merge, title="Lamp", amount=Decimal(amount))
    return merge


def everything() -> list[object]:
    """All that a merge could change."""
    return [
        list(Client.objects.order_by("pk").values()),
        list(Order.objects.order_by("pk").values()),
        list(MergeRecord.objects.order_by("pk").values()),
    ]


# --- Merged -----------------------------------------------------------------------------------------------------------
@pytest.mark.required
@pytest.mark.contrast
def test_the_merge_page_moves_all_orders_and_goes_to_the_kept_client(manager_client, keep, merge):
    response = manager_client.post(URL, {"keep": keep.pk, "merge": merge.pk}, follow=True)
    assert response.redirect_chain == [(f"/clients/{keep.pk}/", 302)]
    assert text_of(response, "#messages") == "A. Lovelace was merged in, with 2 orders."
    assert list(Client.objects.values_list("pk", flat=True)) == [keep.pk]
    assert set(Order.objects.values_list("client", "title")) == {(keep.pk, "Desk"), (keep.pk, "Lamp")}
    assert Order.objects.count() == 3


@pytest.mark.required
def test_empty_fields_are_filled_and_filled_ones_stay(keep, merge):
    Client.objects.filter(pk=merge.pk).update(name="Other name")
    merge_clients(keep_id=keep.pk, merge_id=merge.pk, merged_by=None)
    keep.refresh_from_db()
    assert (keep.name, keep.email, keep.phone, keep.vip) == ("Ada Lovelace", "ada@mail.com", "0171", True)


@pytest.mark.required
def test_a_phone_that_is_there_is_kept(keep, merge):
    Client.objects.filter(pk=keep.pk).update(phone="030")
    merge_clients(keep_id=keep.pk, merge_id=merge.pk, merged_by=None)
    assert Client.objects.get().phone == "030"


@pytest.mark.required
def test_an_audit_entry_stays_with_what_the_other_one_was(keep, merge, manager):
    created = merge.created_at
    record = merge_clients(keep_id=keep.pk, merge_id=merge.pk, merged_by=manager)
    record.refresh_from_db()
    assert (record.kept, record.merged_id, record.orders_moved, record.merged_by) == (
        keep,
        merge.pk,
        2,
        manager,
    )
    assert record.merged["name"] == "A. Lovelace"
    assert record.merged["email"] == "a.lovelace@mail.com"
    assert record.merged["created_at"] == str(created)
    assert record.filled_in == {"phone": "0171", "vip": "True"}
    assert str(record) == "A. Lovelace → Ada Lovelace"
    keep.delete()
    assert str(MergeRecord.objects.get()) == "A. Lovelace → a client that is gone"


def avatar(client: Client, content: bytes, media_root: Path) -> Path:
    client.avatar.save("face.webp", ContentFile(content))
    return media_root / client.avatar.name


def test_an_avatar_is_taken_over_with_its_file(keep, merge, media_root, django_capture_on_commit_callbacks):
    file = avatar(merge, b"the picture", media_root)
    with django_capture_on_commit_callbacks(execute=True):
        merge_clients(keep_id=keep.pk, merge_id=merge.pk, merged_by=None)
    assert media_root / Client.objects.get().avatar.name == file
    assert file.read_bytes() == b"the picture"


def test_an_avatar_that_is_not_needed_leaves_no_file(
    keep, merge, media_root, django_capture_on_commit_callbacks
):
    kept, dropped = avatar(keep, b"kept", media_root), avatar(merge, b"dropped", media_root)
    with django_capture_on_commit_callbacks(execute=True):
        merge_clients(keep_id=keep.pk, merge_id=merge.pk, merged_by=None)
    assert kept.exists()
    assert not dropped.exists()


@pytest.mark.required
def test_one_update_moves_the_orders_however_many(keep, merge):
    def updates() -> int:
        other = baker.make(Client, email=f"{Client.objects.count()}@other.com")
        baker.make(Order, client=other, amount=1, _quantity=20)
        with CaptureQueriesContext(connection) as queries:
            merge_clients(keep_id=keep.pk, merge_id=other.pk, merged_by=None)
        return sum(query["sql"].startswith('UPDATE "clients_order"') for query in queries)

    assert [updates(), updates()] == [1, 1]


# --- All or nothing ---------------------------------------------------------------------------------------------------
@pytest.mark.required
@pytest.mark.parametrize("step", ["described", "hand_over", "empty_fields_filled"])
def test_on_an_exception_anywhere_nothing_has_changed(keep, merge, monkeypatch, step):
    def broken(*args, **kwargs):
        raise RuntimeError("in the middle of it")

    before = everything()
    monkeypatch.setattr(merging, step, broken)
    with pytest.raises(RuntimeError):
        merge_clients(keep_id=keep.pk, merge_id=merge.pk, merged_by=None)
    assert everything() == before


@pytest.mark.required
@pytest.mark.parametrize("model, method", [(Client, "save"), (Client, "delete"), (MergeRecord, "save")])
def test_what_had_been_moved_moves_back_when_the_last_step_fails(keep, merge, monkeypatch, model, method):
    original = getattr(model, method)

    def broken(instance, *args, **kwargs):
        original(instance, *args, **kwargs)
        raise RuntimeError("after the write")

    before = everything()
    monkeypatch.setattr(model, method, broken)
    with pytest.raises(RuntimeError):
        merge_clients(keep_id=keep.pk, merge_id=merge.pk, merged_by=None)
    assert everything() == before


# --- Looked at before -------------------------------------------------------------------------------------------------
@pytest.mark.required
@pytest.mark.contrast
def test_the_preview_shows_what_would_be_and_changes_nothing(manager_client, keep, merge):
    before = everything()
    shown = text_of(manager_client.get(URL, {"keep": keep.pk, "merge": merge.pk}), "main")
    for text in ("Ada Lovelace", "A. Lovelace", "10.00", "20.51", "30.51", "0171"):
        assert text in shown
    assert everything() == before


def test_the_preview_and_the_merge_agree(keep, merge):
    preview = preview_merge(keep_id=keep.pk, merge_id=merge.pk)
    assert (preview.orders_count, preview.orders_total) == (3, Decimal("30.51"))
    record = merge_clients(keep_id=keep.pk, merge_id=merge.pk, merged_by=None)
    assert record.filled_in == {name: str(value) for name, value in preview.filled_in.items()}
    result = Client.objects.with_order_totals().get()
    assert (result.orders_count, result.orders_total) == (preview.orders_count, preview.orders_total)


@pytest.mark.contrast
def test_clients_are_found_and_chosen_one_after_the_other(manager_client, keep, merge):
    first = page(manager_client.get(URL, {"q": "lovelace"}))
    assert {link["href"] for link in first.select('main a[href^="?"]')} >= {
        f"?keep={keep.pk}",
        f"?merge={merge.pk}",
    }
    second = manager_client.get(URL, {"keep": keep.pk, "q": "LOVELACE"})
    links = [link["href"] for link in page(second).select('main a[href*="merge="]')]
    assert f"?keep={keep.pk}&merge={merge.pk}" in links


@pytest.mark.contrast
@pytest.mark.parametrize(
    "keep_id, merge_id", [("abc", "1"), ("", ""), ("-1", "0"), ("9" * 40, "1"), ("\x00", "<b>")]
)
def test_an_odd_choice_leads_back_to_choosing(manager_client, milestones, keep_id, merge_id):
    assert "Find" in text_of(manager_client.get(URL, {"keep": keep_id, "merge": merge_id}), "main")
    response = manager_client.post(URL, {"keep": keep_id, "merge": merge_id}, follow=True)
    assert "Choose the client to keep" in text_of(response, "#messages")


# --- Refused ----------------------------------------------------------------------------------------------------------
@pytest.mark.required
def test_a_client_cannot_be_merged_with_itself(keep):
    with pytest.raises(MergeError, match="cannot be merged with itself"):
        merge_clients(keep_id=keep.pk, merge_id=keep.pk, merged_by=None)
    assert Client.objects.count() == 1


@pytest.mark.contrast
def test_what_cannot_be_merged_is_said_in_plain_words(manager_client, keep):
    itself = manager_client.post(URL, {"keep": keep.pk, "merge": keep.pk}, follow=True)
    assert "cannot be merged with itself" in text_of(itself, "#messages")
    missing = manager_client.post(URL, {"keep": keep.pk, "merge": 999_999}, follow=True)
    assert "Client 999999 is not there any more." in text_of(missing, "#messages")
    preview = manager_client.get(URL, {"keep": keep.pk, "merge": keep.pk})
    assert "cannot be merged with itself" in text_of(preview, "main")


@pytest.mark.required
def test_merging_twice_says_that_the_other_is_gone(keep, merge):
    merge_clients(keep_id=keep.pk, merge_id=merge.pk, merged_by=None)
    with pytest.raises(MergeError, match=f"Client {merge.pk} is not there any more"):
        merge_clients(keep_id=keep.pk, merge_id=merge.pk, merged_by=None)
    assert MergeRecord.objects.count() == 1


@pytest.mark.required
@pytest.mark.contrast
def test_only_staff_may_merge(guest, learner_client, keep, merge):
    for send in (guest.get, guest.post):
        assert_sent_to_login(send(URL), back_to=URL)
    assert_refused(learner_client.get(URL))
    assert_refused(learner_client.post(URL, {"keep": keep.pk, "merge": merge.pk}))
    assert Client.objects.count() == 2


def test_a_forged_token_and_other_methods_are_refused(manager, keep, merge):
    browser = Browser(enforce_csrf_checks=True)
    browser.force_login(manager, backend="django.contrib.auth.backends.ModelBackend")
    sent = {"keep": keep.pk, "merge": merge.pk, "csrfmiddlewaretoken": "f" * 32}
    assert_refused(browser.post(URL, sent))
    for method in ("put", "patch", "delete"):
        assert getattr(browser, method)(URL, headers={"x-csrftoken": "f"}).status_code in (403, 405)
    assert Client.objects.count() == 2


# --- Afterwards -------------------------------------------------------------------------------------------------------
@pytest.mark.required
@pytest.mark.contrast
def test_the_address_of_the_one_that_went_leads_to_the_one_that_was_kept(
    manager_client, learner_client, keep, merge
):
    manager_client.post(URL, {"keep": keep.pk, "merge": merge.pk})
    response = learner_client.get(f"/clients/{merge.pk}/", follow=True)
    assert response.redirect_chain == [(f"/clients/{keep.pk}/", 302)]
    assert text_of(response, "#messages") == "A. Lovelace was merged into Ada Lovelace."


def test_a_merge_of_what_was_merged_before_leads_all_the_way(learner_client, keep, merge):
    first = baker.make(Client, name="Ada L.", email="ada.l@mail.com")
    merge_clients(keep_id=merge.pk, merge_id=first.pk, merged_by=None)
    merge_clients(keep_id=keep.pk, merge_id=merge.pk, merged_by=None)
    response = learner_client.get(f"/clients/{first.pk}/")
    assert (response.status_code, response["Location"]) == (302, f"/clients/{keep.pk}/")


def test_an_order_typed_in_for_the_one_that_went_is_not_lost_silently(
    manager_client, learner_client, keep, merge
):
    manager_client.post(URL, {"keep": keep.pk, "merge": merge.pk})
    sent = {"title": "Chair", "amount": "5", "status": "NEW"}
    response = learner_client.post(f"/clients/{merge.pk}/", sent, follow=True)
    assert "What you had entered was not saved." in text_of(response, "#messages")
    assert Order.objects.count() == 3


def test_an_order_whose_client_goes_while_it_is_saved_is_refused_clearly(learner_client, keep, monkeypatch):
    monkeypatch.setattr(
        type(Client.objects.all()), "select_for_update", lambda clients, **kwargs: clients.none()
    )
    assert_gone(
        learner_client.post(f"/clients/{keep.pk}/", {"title": "Chair", "amount": "5", "status": "NEW"})
    )
    assert Order.objects.count() == 1


# --- At the same time -------------------------------------------------------------------------------------------------
def at_once(*actions) -> list[object]:
    """Runs them in threads that start together; what each returned or raised."""
    start, results = Barrier(len(actions)), [None] * len(actions)

    def run(index: int, action) -> None:
        try:
            start.wait(timeout=10)
            results[index] = action()
        except Exception as error:  # the result of this thread, looked at below
            results[index] = error
        finally:
            connections.close_all()

    threads = [Thread(target=run, args=(index, action)) for index, action in enumerate(actions)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return results


@pytest.fixture
def two_clients(milestones) -> tuple[int, int]:
    ids = tuple(baker.make(Client, email=f"{name}@mail.com").pk for name in "ab")
    for pk in ids:
        baker.make(Order, client_id=pk, amount=1, _quantity=3)
    return ids


@pytest.mark.required
@pytest.mark.django_db(transaction=True)
def test_a_into_b_while_b_into_a_ends_with_one_client_and_all_orders(two_clients):
    a, b = two_clients
    results = at_once(
        lambda: merge_clients(keep_id=a, merge_id=b, merged_by=None),
        lambda: merge_clients(keep_id=b, merge_id=a, merged_by=None),
    )
    assert sorted(type(result).__name__ for result in results) == ["MergeError", "MergeRecord"], results
    assert (Client.objects.count(), Order.objects.count()) == (1, 6)


@pytest.mark.required
@pytest.mark.django_db(transaction=True)
def test_the_same_merge_twice_at_once_happens_once(two_clients):
    a, b = two_clients
    results = at_once(*[lambda: merge_clients(keep_id=a, merge_id=b, merged_by=None)] * 2)
    assert sorted(type(result).__name__ for result in results) == ["MergeError", "MergeRecord"], results
    assert (Client.objects.count(), Order.objects.count(), MergeRecord.objects.count()) == (1, 6, 1)


@pytest.mark.required
@pytest.mark.django_db(transaction=True)
def test_an_order_added_meanwhile_is_moved_or_refused_but_never_lost(two_clients):
    from clients.views.detail import saved_with_client

    a, b = two_clients
    _, saved = at_once(
        lambda: merge_clients(keep_id=a, merge_id=b, merged_by=None),
        lambda: saved_with_client(Order(client_id=b, title="Meanwhile", amount=1)),
    )
    assert saved in (True, False), saved
    assert Order.objects.filter(client_id=a).count() == (7 if saved else 6)
    assert Order.objects.count() == Order.objects.filter(client_id=a).count()


@pytest.mark.required
def test_both_rows_are_locked_in_the_order_of_their_ids(two_clients):
    """Two merges that lock in their own order wait for each other for ever."""
    a, b = two_clients
    with CaptureQueriesContext(connection) as queries:
        merge_clients(keep_id=b, merge_id=a, merged_by=None)
    reads = [
        query["sql"]
        for query in queries
        if query["sql"].startswith("SELECT") and '"clients_client"' in query["sql"]
    ]
    assert 'ORDER BY "clients_client"."id" ASC' in reads[0]
    if connection.features.has_select_for_update:
        assert reads[0].endswith("FOR UPDATE")


def test_switched_off_there_is_no_merge_page_and_no_link(manager_client, keep, merge, milestones):
    milestones.off("merge-clients")
    assert_switched_off(manager_client.get(URL), "merge-clients")
    assert_switched_off(manager_client.post(URL, {"keep": keep.pk, "merge": merge.pk}), "merge-clients")
    assert page(manager_client.get("/clients/")).select_one('a[href^="/clients/merge/"]') is None
    assert Client.objects.count() == 2
