"""Milestone 16 after the cache was away: what changed meanwhile is shown, whichever process is asked."""

from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from model_bakery import baker

from clients import caching
from clients.changes import Announcement
from clients.models import Client, ForgetLater
from mini_crm.cache import ForgivingRedisCache
from tests.fixtures import page

pytestmark = [pytest.mark.django_db, pytest.mark.beyond("outages")]
CHANGE = Announcement(bulk=True)


@pytest.fixture
def ada(milestones) -> Client:
    return baker.make(Client, name="Ada Old")


@contextmanager
def cache_away() -> Iterator[None]:
    """This process cannot reach the cache; what is in there stays, and other processes go on using it."""
    with patch.object(caching, "cache", ForgivingRedisCache("redis://127.0.0.1:1/0", {})):
        yield


def rename(client: Client, name: str) -> None:
    """By a process that announces as clients/changes.py does once the change is committed."""
    Client.objects.filter(pk=client.pk).update(name=name)
    caching.forget_pages(CHANGE)


def shown(browser) -> str:
    return page(browser.get("/clients/")).select_one("[data-row-link]").get_text(strip=True)


def test_another_process_shows_what_changed_while_this_one_could_not_reach_the_cache(learner_client, ada):
    assert shown(learner_client) == "Ada Old"
    with cache_away():
        rename(ada, "Ada New")
    assert shown(learner_client) == "Ada New"
    assert not ForgetLater.objects.exists()


def test_the_cache_may_go_away_between_its_two_steps(learner_client, ada):
    shown(learner_client)
    with patch.object(cache, "incr", side_effect=ValueError("the cache is away")):
        rename(ada, "Ada New")
    assert shown(learner_client) == "Ada New"


def test_while_the_cache_is_away_nothing_is_made_up_for(learner_client, ada):
    shown(learner_client)
    with cache_away():
        rename(ada, "Ada New")
        assert caching.generation() is None
        assert shown(learner_client) == "Ada New"
        assert ForgetLater.objects.count() == 1


def test_what_is_noted_while_it_is_made_up_for_is_made_up_for_as_well(ada, monkeypatch):
    ForgetLater.objects.create()
    original = caching.raise_generation

    def slowly() -> bool:
        ForgetLater.objects.create()
        return original()

    monkeypatch.setattr(caching, "raise_generation", slowly)
    first = caching.generation()
    assert ForgetLater.objects.count() == 1
    monkeypatch.undo()
    assert caching.generation() > first
    assert not ForgetLater.objects.exists()


def test_a_kept_page_costs_one_query_for_it(learner_client, ada):
    shown(learner_client)
    with CaptureQueriesContext(connection) as queries:
        learner_client.get("/clients/")
    assert sum("clients_forgetlater" in query["sql"] for query in queries) == 1
    assert not any("clients_client" in query["sql"] for query in queries)
