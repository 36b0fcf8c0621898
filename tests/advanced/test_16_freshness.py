"""Milestone 16, beyond: nobody sees an old page, whatever happens at the same moment."""

from contextlib import suppress
from unittest.mock import patch

import pytest
from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from model_bakery import baker

from clients import caching
from clients.changes import Announcement
from clients.models import Client, Order
from tests.cached_list import LIST, assert_kept, names, was_built
from tests.fixtures import listed_ids, page, text_of


@pytest.fixture
def ada(milestones) -> Client:
    return baker.make(Client, name="Ada Lovelace", email="ada@mail.com")


@pytest.fixture
def committed(django_capture_on_commit_callbacks):
    """What a write inside it announces is announced when it ends, as a commit does."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


@pytest.mark.beyond("comfort")
@pytest.mark.contrast
def test_every_address_is_kept_by_itself(learner_client, ada, milestones):
    milestones.on("search-pagination")
    bob = baker.make(Client, name="Bob", email="bob@mail.com")
    for url, expected in ((LIST, [bob.pk, ada.pk]), (f"{LIST}?q=ada", [ada.pk]), (f"{LIST}?q=bob", [bob.pk])):
        assert was_built(learner_client, url)
        assert not was_built(learner_client, url)
        assert listed_ids(learner_client.get(url)) == expected


@pytest.mark.beyond("comfort")
@pytest.mark.contrast
def test_the_class_based_list_is_kept_as_well(learner_client, ada, milestones):
    for switch in (milestones.on, milestones.off):
        switch("class-based-views")
        assert was_built(learner_client)
        assert not was_built(learner_client)


@pytest.fixture
def heard(monkeypatch) -> list[Announcement]:
    found: list[Announcement] = []
    monkeypatch.setattr("clients.changes.announce", found.append)
    return found


@pytest.mark.beyond("scale")
def test_a_transaction_is_announced_once_however_much_it_writes(ada, heard, committed):
    with committed(), transaction.atomic():
        first, second = (baker.make(Order, client=ada) for _ in range(2))
        baker.make(Client, email="zoe@company.com")
        Client.objects.filter(pk=ada.pk).update(phone="1")
    assert heard == [Announcement((first.pk, second.pk), bulk=False)]


@pytest.mark.beyond("outages")
def test_a_write_that_is_rolled_back_forgets_nothing(learner_client, ada, committed):
    names(learner_client)
    before = caching.generation()
    with committed(), suppress(RuntimeError), transaction.atomic():
        ada.save()
        raise RuntimeError
    assert caching.generation() == before
    assert not was_built(learner_client)


@pytest.mark.beyond("hostile")
@pytest.mark.contrast
def test_whoever_becomes_staff_sees_so_at_once(learner, learner_client, ada, milestones):
    milestones.on("merge-clients")
    assert page(learner_client.get(LIST)).select_one('a[href^="/clients/merge/"]') is None
    assert not was_built(learner_client)
    get_user_model().objects.filter(pk=learner.pk).update(is_staff=True)
    assert page(learner_client.get(LIST)).select_one('a[href^="/clients/merge/"]') is not None


@pytest.mark.beyond("comfort")
@pytest.mark.contrast
def test_whoever_is_called_otherwise_reads_so_at_once(learner, learner_client, ada):
    assert text_of(learner_client.get(LIST), "#current-user") == "learner"
    assert_kept(learner_client)
    get_user_model().objects.filter(pk=learner.pk).update(username="graduate")
    assert text_of(learner_client.get(LIST), "#current-user") == "graduate"


@pytest.mark.beyond("comfort")
@pytest.mark.contrast
def test_what_htmx_asks_for_is_neither_kept_nor_answered_from_what_is(learner_client, ada):
    assert was_built(learner_client)
    assert not was_built(learner_client)
    with CaptureQueriesContext(connection) as queries:
        learner_client.get(LIST, headers={"hx-request": "true"})
    assert any('FROM "clients_client"' in query["sql"] for query in queries)


# --- When things go wrong ---------------------------------------------------------------------------------------------
@pytest.mark.beyond("races")
def test_a_slow_reader_stores_nothing_that_anybody_sees_after_a_change(learner_client, ada):
    """It reads the clients, another request changes one, then it stores its page: under the old generation."""
    from clients.crud import classes, functions

    def changed_while_rendering(clients, shown, request):
        context = original(clients, shown, request)
        Client.objects.filter(pk=ada.pk).update(name="Ada King")
        caching.forget_pages(Announcement((), bulk=False))
        return context

    original = functions.list_context
    with (
        patch.object(functions, "list_context", changed_while_rendering),
        patch.object(classes, "list_context", changed_while_rendering),
    ):
        assert names(learner_client) == ["Ada Lovelace"]
    assert names(learner_client) == ["Ada King"]


@pytest.mark.beyond("outages")
def test_a_generation_that_was_evicted_revives_no_old_page(learner_client, ada):
    for _ in range(3):
        caching.forget_pages(Announcement((), bulk=True))
    first = caching.generation()
    cache.delete(caching.GENERATION)
    assert caching.generation() > first


@pytest.mark.beyond("outages")
def test_a_cache_that_is_away_means_a_page_that_is_built(learner_client, ada, monkeypatch):
    monkeypatch.setattr(caching, "generation", lambda: None)
    assert was_built(learner_client)
    assert was_built(learner_client)
    caching.forget_pages(Announcement((), bulk=True))


@pytest.mark.beyond("scale")
@pytest.mark.contrast
def test_a_kept_page_only_reads_the_cache(learner_client, ada):
    assert was_built(learner_client)

    with patch.object(caching.cache, "add", wraps=caching.cache.add) as add:
        assert not was_built(learner_client)

    add.assert_not_called()
