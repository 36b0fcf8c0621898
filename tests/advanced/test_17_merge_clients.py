"""Milestone 17: two entries of one client become one, with all orders, or nothing changes at all.

What happens at the same time stands in test_17_merge_at_once.py, the page around it in test_17_merge_page.py.
"""

from itertools import count
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from model_bakery import baker

from clients.merging.merge import MergeError, merge_clients
from clients.models import Client, MergeRecord, Order
from tests.advanced.merges import URL, assert_left, assert_owns, assert_unchanged, everything
from tests.fixtures import assert_refused, assert_sent_to_login, assert_switched_off, page, text_of
from tests.sentences import answer

pytest_plugins = ["tests.advanced.merge_fixtures"]


# --- Merged -----------------------------------------------------------------------------------------------------------
@pytest.mark.required
@pytest.mark.contrast
def test_the_merge_page_moves_all_orders_to_the_kept_client(manager_client, keep, merge):
    """Finished ones too: they are what the client has been worth."""
    response = manager_client.post(URL, {"keep": keep.pk, "merge": merge.pk})
    assert response.status_code == 302, (
        f"{answer(response)}; a redirect was expected once the two were merged."
    )
    assert_left(keep)
    assert_owns(keep, ["Desk", "Lamp", "Lamp"])


@pytest.mark.beyond("comfort")
@pytest.mark.contrast
def test_it_goes_to_the_kept_client_and_says_what_was_done(manager_client, keep, merge):
    response = manager_client.post(URL, {"keep": keep.pk, "merge": merge.pk}, follow=True)
    assert response.redirect_chain == [(f"/clients/{keep.pk}/", 302)]
    assert text_of(response, "#messages") == "A. Lovelace was merged in, with 2 orders."


@pytest.mark.beyond("comfort")
@pytest.mark.contrast
def test_a_single_order_is_called_one(manager_client, keep, merge):
    merge.orders.first().delete()
    response = manager_client.post(URL, {"keep": keep.pk, "merge": merge.pk}, follow=True)
    assert text_of(response, "#messages") == "A. Lovelace was merged in, with 1 order."


@pytest.mark.required
@pytest.mark.parametrize(
    "field, own", [("name", "Ada Lovelace"), ("email", "ada@mail.com"), ("phone", "030")]
)
def test_what_the_kept_client_has_stays(keep, merge, field, own):
    """Only orders move. Whoever chose the client to keep did not choose the other one's name."""
    Client.objects.filter(pk=keep.pk).update(phone="030")
    merge_clients(keep_id=keep.pk, merge_id=merge.pk, merged_by=None)
    keep.refresh_from_db()
    assert getattr(keep, field) == own, (
        f"After the merge the {field} of the kept client is {getattr(keep, field)!r}; its own, {own!r}, was expected."
    )


@pytest.mark.beyond("comfort")
def test_empty_fields_are_filled(keep, merge):
    merge_clients(keep_id=keep.pk, merge_id=merge.pk, merged_by=None)
    keep.refresh_from_db()
    assert (keep.phone, keep.vip) == ("0171", True)


@pytest.mark.beyond("comfort")
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


@pytest.mark.beyond("comfort")
def test_the_audit_entry_names_whoever_pressed_the_button(manager, manager_client, keep, merge):
    manager_client.post(URL, {"keep": keep.pk, "merge": merge.pk})
    assert MergeRecord.objects.get().merged_by == manager


def avatar(client: Client, content: bytes, media_root: Path) -> Path:
    client.avatar.save("face.webp", ContentFile(content))
    return media_root / client.avatar.name


@pytest.mark.beyond("comfort")
def test_an_avatar_is_taken_over_with_its_file(keep, merge, media_root, django_capture_on_commit_callbacks):
    file = avatar(merge, b"the picture", media_root)
    with django_capture_on_commit_callbacks(execute=True):
        merge_clients(keep_id=keep.pk, merge_id=merge.pk, merged_by=None)
    assert media_root / Client.objects.get().avatar.name == file
    assert file.read_bytes() == b"the picture"


@pytest.mark.beyond("comfort")
def test_an_avatar_that_is_not_needed_leaves_no_file(
    keep, merge, media_root, django_capture_on_commit_callbacks
):
    kept, dropped = avatar(keep, b"kept", media_root), avatar(merge, b"dropped", media_root)
    with django_capture_on_commit_callbacks(execute=True):
        merge_clients(keep_id=keep.pk, merge_id=merge.pk, merged_by=None)
    assert kept.exists()
    assert not dropped.exists()


@pytest.mark.beyond("scale")
def test_one_query_moves_the_orders_however_many(keep):
    """A query for each order would take minutes for a large client."""

    def queries(orders: int) -> int:
        other = baker.make(Client, email=f"{orders}@other.com")
        baker.make(Order, client=other, amount=1, _quantity=orders)
        with CaptureQueriesContext(connection) as captured:
            merge_clients(keep_id=keep.pk, merge_id=other.pk, merged_by=None)
        return len(captured)

    assert queries(20) == queries(2)


# --- All or nothing ---------------------------------------------------------------------------------------------------
class BrokenDownError(Exception):
    """The database, as it goes away in the middle of a merge."""


class BreakingDown:
    """Around each query: the first `steps` of them are done, and then something goes wrong."""

    def __init__(self, steps: int) -> None:
        self.steps = steps

    def __call__(self, execute, sql, params, many, context):
        result = execute(sql, params, many, context)
        # What begins, ends or undoes a transaction goes on working, as it does when a row is refused.
        if not sql.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK")):
            self.steps -= 1
            if self.steps == 0:
                raise BrokenDownError
        return result


@pytest.mark.required
def test_on_an_exception_anywhere_nothing_has_changed(keep, merge):
    """The merge is broken off after its first query, after its second one, and so on, up to its last."""
    before = everything()
    for step in count(1):
        try:
            with connection.execute_wrapper(BreakingDown(step)):
                merge_clients(keep_id=keep.pk, merge_id=merge.pk, merged_by=None)
        except BrokenDownError:
            assert_unchanged(before, after=f"When something goes wrong after query {step} of a merge,")
        else:
            break
    assert_left(keep)


# --- Refused ----------------------------------------------------------------------------------------------------------
@pytest.mark.required
def test_a_client_cannot_be_merged_with_itself(manager_client, keep):
    before = everything()
    response = manager_client.post(URL, {"keep": keep.pk, "merge": keep.pk})
    assert_unchanged(before, after=f"After {answer(response)} for a client and itself")


@pytest.mark.beyond("comfort")
def test_merging_with_itself_is_an_error_that_says_so(keep):
    with pytest.raises(MergeError, match="cannot be merged with itself"):
        merge_clients(keep_id=keep.pk, merge_id=keep.pk, merged_by=None)


@pytest.mark.required
def test_merging_twice_changes_nothing_the_second_time(manager_client, keep, merge):
    for _ in range(2):
        response = manager_client.post(URL, {"keep": keep.pk, "merge": merge.pk})
    assert response.status_code < 500, (
        f"The same merge a second time: {answer(response)}; no error page was expected."
    )
    assert_left(keep)
    assert_owns(keep, ["Desk", "Lamp", "Lamp"])


@pytest.mark.beyond("races")
def test_merging_twice_is_an_error_that_says_who_is_gone(keep, merge):
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
    assert_left(keep, merge)


@pytest.mark.beyond("hostile")
def test_a_forged_token_and_other_methods_are_refused(manager, keep, merge):
    browser = Browser(enforce_csrf_checks=True)
    browser.force_login(manager, backend="django.contrib.auth.backends.ModelBackend")
    sent = {"keep": keep.pk, "merge": merge.pk, "csrfmiddlewaretoken": "f" * 32}
    assert_refused(browser.post(URL, sent))
    for method in ("put", "patch", "delete"):
        assert getattr(browser, method)(URL, headers={"x-csrftoken": "f"}).status_code in (403, 405)
    assert Client.objects.count() == 2


# --- Off --------------------------------------------------------------------------------------------------------------
@pytest.mark.switch
def test_switched_off_there_is_no_merge_page_and_no_link(manager_client, keep, merge, milestones):
    milestones.off("merge-clients")
    assert_switched_off(manager_client.get(URL), "merge-clients")
    assert_switched_off(manager_client.post(URL, {"keep": keep.pk, "merge": merge.pk}), "merge-clients")
    assert page(manager_client.get("/clients/")).select_one('a[href^="/clients/merge/"]') is None
    assert Client.objects.count() == 2
