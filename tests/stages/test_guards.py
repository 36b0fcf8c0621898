"""A guard that cannot fail proves nothing: each guard of the suites is seen to fail here. docs/reviewing.md lists them.

The guards that need a browser have theirs in tests/browser/test_guards.py.
"""

import inspect

import pytest
from model_bakery import baker

from clients.models import Client, Order
from tests.fixtures import no_query_per_row

pytestmark = pytest.mark.django_db


# --- Queries ----------------------------------------------------------------------------------------------------------
def test_zeal_names_the_line_that_runs_one_query_per_row():
    baker.make(Order, client=baker.make(Client, email="a@mail.com"), amount=1)
    baker.make(Order, client=baker.make(Client, email="b@mail.com"), amount=1)

    def names_one_by_one() -> list[str]:
        return [order.client.name for order in Order.objects.all()]

    with pytest.raises(pytest.fail.Exception) as found, no_query_per_row():
        names_one_by_one()
    line = inspect.getsourcelines(names_one_by_one)[1] + 1
    assert f"N+1 detected on clients.Order.client at {__file__}:{line}" in str(found.value)
