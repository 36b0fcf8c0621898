"""Milestone 17: the client that a merge deletes stands in the admin's log as every other deleted one."""

import pytest
from django.contrib.admin.models import DELETION, LogEntry
from model_bakery import baker

from clients.models import Client, MergeRecord

pytestmark = pytest.mark.beyond("comfort")


def merge(browser, keep: Client, gone: Client):
    return browser.post("/clients/merge/", {"keep": keep.pk, "merge": gone.pk})


def test_a_merge_leaves_an_entry_of_the_client_that_went(manager, manager_client):
    keep, gone = baker.make(Client, name="Ada"), baker.make(Client, name="Ada L.")
    answer = merge(manager_client, keep, gone)

    assert (answer.status_code, answer["Location"]) == (302, f"/clients/{keep.pk}/")
    entry = LogEntry.objects.get()
    assert (entry.user, entry.action_flag, entry.object_repr) == (manager, DELETION, "Ada L.")
    assert (entry.content_type.model, entry.object_id) == ("client", str(gone.pk))
    assert entry.get_change_message() == f"Merged into Ada (client {keep.pk})."


def test_a_merge_that_is_refused_leaves_none(manager_client):
    keep = baker.make(Client)

    assert merge(manager_client, keep, keep).status_code == 302
    assert not LogEntry.objects.exists()


def test_a_merge_whose_entry_cannot_be_stored_did_not_happen(manager_client, monkeypatch):
    keep, gone = baker.make(Client, name="Ada"), baker.make(Client, name="Ada L.")

    def refuse(*args, **kwargs):
        raise RuntimeError("the log is away")

    monkeypatch.setattr(LogEntry.objects, "log_actions", refuse)
    manager_client.raise_request_exception = False

    assert merge(manager_client, keep, gone).status_code == 500
    assert Client.objects.count() == 2
    assert not MergeRecord.objects.exists()
