"""The part of the pytest plugin that puts into words what a check found.

pytest hands over the two values of a failed comparison; they are noted here, and pytest is left to explain them itself,
so that `pytest` in a terminal shows what it always does. A query count that is wrong names the query and its line.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from functools import partial
from typing import Any

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext
from zeal.errors import NPlusOneError

from stages.checking.comparing import compared
from stages.checking.queries import Queries, counted

COMPARED = pytest.StashKey[str]()
Counting = Callable[..., AbstractContextManager[CaptureQueriesContext]]


def pytest_assertrepr_compare(config: pytest.Config, op: str, left: Any, right: Any) -> None:
    config.stash[COMPARED] = compared(op, left, right)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    """What zeal finds is noted together with the query, which it does not know."""
    aliases = tuple(connection.alias for connection in connections.all(initialized_only=True))
    with Queries(aliases) as queries:
        try:
            return (yield)
        except NPlusOneError as error:
            error.add_note(f"One query for all rows was expected, one for each row is run: {queries.each}.")
            raise


@pytest.fixture
def django_assert_num_queries() -> Counting:
    """pytest-django's, with a message that names the repeated query and the line that ran it."""
    return counted


@pytest.fixture
def django_assert_max_num_queries() -> Counting:
    return partial(counted, exact=False)
