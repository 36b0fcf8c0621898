"""The rows of the plan checks, for a whole file. They are committed: the planner goes by what was analysed."""

from collections.abc import Iterator

import pytest

from tests.services import plans


@pytest.fixture(scope="module")
def many_rows(django_db_setup, django_db_blocker) -> Iterator[None]:
    with django_db_blocker.unblock():
        plans.fill()
        yield
        plans.empty()
