"""Milestone 14, beyond: a page of the API does nothing twice, and nothing that was not asked for."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django_filters import FilterSet

from clients.api.filters import ClientFilter
from clients.models import Client
from tests.middle.api import answered, make_ada, names

pytestmark = pytest.mark.beyond("scale")


@pytest.fixture
def ada(milestones) -> Client:
    return make_ada()


def test_a_client_is_read_once(guest, ada):
    with CaptureQueriesContext(connection) as queries:
        assert names(guest.get("/api/clients/")) == ["Ada Lovelace"]

    assert sum('."email"' in query["sql"].partition(" FROM ")[0] for query in queries) == 1


def test_a_page_that_asks_for_nothing_makes_no_form(guest, ada, monkeypatch):
    made = []
    monkeypatch.setattr(ClientFilter, "get_form_class", lambda self: made.append(self) or form_class(self))
    form_class = FilterSet.get_form_class

    assert names(guest.get("/api/clients/")) == ["Ada Lovelace"]
    assert not made
    answered(guest.get("/api/clients/", {"status": "DONE"}))
    assert made
