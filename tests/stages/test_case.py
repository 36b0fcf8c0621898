"""tests/case.py: on every database the tests tell `contains` from `icontains`."""

import pytest
from model_bakery import baker

from clients.models import Client


@pytest.mark.parametrize(
    "lookup, text, found",
    [
        ("contains", "lovel", False),
        ("contains", "Lovel", True),
        ("icontains", "lovel", True),
        ("startswith", "ada", False),
        ("startswith", "Ada", True),
        ("endswith", "LACE_", False),
        ("endswith", "lace_", True),
        ("contains", "анна", False),
        ("contains", "Анна", True),
        ("icontains", "анна", True),
        ("contains", "lovelaceX", False),
        ("contains", "e_", True),
        ("contains", "%", False),
    ],
)
def test_only_a_lookup_with_an_i_ignores_case(milestones, lookup, text, found):
    baker.make(Client, name="Ada Анна Lovelace_")

    assert Client.objects.filter(**{f"name__{lookup}": text}).exists() is found
