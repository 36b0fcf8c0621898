"""Queries that are meant at scale go by the indexes made for them; what that is worth, `make bench` shows."""

import pytest

from tests.services.plans import MEANT_AT_SCALE, assert_answered_by

pytest_plugins = ["tests.services.plan_fixtures"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("many_rows")]


@pytest.mark.parametrize("asked", MEANT_AT_SCALE)
def test_what_is_meant_at_scale_is_answered_from_its_index(asked):
    rows, indexes = MEANT_AT_SCALE[asked]
    assert_answered_by(rows(), *indexes)
