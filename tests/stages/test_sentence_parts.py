"""The parts that the tests make their sentences of."""

import pytest
from model_bakery import baker

from clients.models import Client
from tests.sentences import answer, listed, people


@pytest.mark.parametrize(
    "names, words",
    [
        ([], "nobody"),
        (["a"], "a"),
        (["a", "b"], "a and b"),
        (["a", "b", "c"], "a, b and c"),
        (list(range(12)), "0, 1, 2, 3 and 8 more"),
    ],
)
def test_names_are_listed_as_in_a_sentence(names, words):
    assert listed(names) == words


@pytest.mark.django_db
def test_clients_are_named_whether_they_come_as_rows_or_as_ids():
    ada = baker.make(Client, name="Ada", email="ada@mail.com")

    assert people([ada]) == people([ada.pk]) == "Ada (ada@mail.com)"
    assert people([]) == "nobody"
    assert people([999_999]) == "number 999999"


def test_an_answer_is_told_with_what_was_asked(guest):
    assert answer(guest.get("/health/")) == "GET /health/ answered 200 (OK)"
    assert answer(guest.post("/clients/add/?x=1")).startswith(
        "POST /clients/add/?x=1 answered 302 (/accounts/login/"
    )
