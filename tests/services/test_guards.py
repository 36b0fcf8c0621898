"""What watches over the queries on PostgreSQL is seen to fail: without its index no plan check passes."""

import pytest
from django.db import connection, transaction

from tests.services.plans import MEANT_AT_SCALE, assert_answered_by

pytest_plugins = ["tests.services.plan_fixtures"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("many_rows")]


@pytest.mark.parametrize("asked", MEANT_AT_SCALE)
def test_a_query_that_has_lost_its_index_is_seen(asked):
    rows, indexes = MEANT_AT_SCALE[asked]
    for index in indexes:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(f"DROP INDEX {index}")
            with pytest.raises(AssertionError, match=f"by .*{index}.* was expected"):
                assert_answered_by(rows(), *indexes)
            transaction.set_rollback(True)
    assert_answered_by(rows(), *indexes)
