"""What a red check says: one sentence in plain words, and nothing of pytest's own explanation."""

import pytest
from django.template import Context, Origin, Template
from model_bakery import baker

from clients.models import Client
from stages.checking.comparing import compared
from stages.checking.queries import Queries, counted, shortened_sql
from stages.checking.results import Report
from stages.checking.words import sentence
from tests.processes import ROOT, python

RED = '''
"""Checks of milestone 4 that all fail, one for each way to say why."""

import pytest
from model_bakery import baker
from zeal.errors import NPlusOneError

from clients.models import Client, Order

pytestmark = pytest.mark.django_db


def test_with_a_message():
    found, ada = [], [1]
    assert found == ada, "Searching for '@mail' found nobody; Ada (ada@mail.com) was expected."


def test_with_a_message_of_two_lines():
    assert not [1], "One line.\\nAnother."


def test_that_fails_itself():
    pytest.fail("The list has no link to page 2.")


def test_without_a_message():
    numbers = {"found": 3}
    assert numbers["found"] == 2


def test_without_a_comparison():
    nobody = ""
    assert nobody.strip()


def test_that_expects_an_error():
    with pytest.raises(ValueError):
        int("1")


def test_that_expects_another_error():
    with pytest.raises(ValueError, match="too long"):
        int("x")


def test_that_breaks_off():
    link = None
    link["href"]


@pytest.mark.parametrize("name", ["анна", "株式会社", "a"])
def test_each_alphabet(name):
    assert len(name) == 1


def test_a_query_count(django_assert_num_queries):
    with django_assert_num_queries(1):
        for pk in (1, 2, 3):
            Client.objects.filter(pk=pk).first()


def test_a_query_for_each_row():
    for number in range(3):
        baker.make(Order, client=baker.make(Client, email=f"{number}@mail.com"), amount=1)
    [order.client.name for order in Order.objects.all()]
    raise NPlusOneError("N+1 detected on clients.Order.client")
'''


@pytest.fixture(scope="module")
def said(tmp_path_factory) -> dict[str, str]:
    """What each of these checks said, by its name; run in a process of its own, as `stages check` does."""
    root = tmp_path_factory.mktemp("red")
    file, results = root / "tests" / "junior" / "test_04_red.py", root / "results.json"
    file.parent.mkdir(parents=True)
    file.write_text(RED.lstrip(), encoding="utf-8")
    (root / "conftest.py").write_text((ROOT / "conftest.py").read_text(encoding="utf-8"), encoding="utf-8")
    ended = python(
        *(
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:randomly",
            "-p",
            "no:cacheprovider",
            "-c",
            str(ROOT / "pyproject.toml"),
        ),
        *("--rootdir", str(root), "--results", str(results), str(file)),
    )
    assert results.exists(), ended.stdout + ended.stderr
    return {one.title: one.got for one in Report.read(results).results}


@pytest.mark.parametrize(
    "check, words",
    [
        ("with a message", "Searching for '@mail' found nobody; Ada (ada@mail.com) was expected."),
        ("with a message of two lines", "One line. Another."),
        ("that fails itself", "The list has no link to page 2."),
        ("without a message", "numbers['found']: expected 2, got 3"),
        ("without a comparison", "this does not hold: nobody.strip()"),
        ("that expects an error", "expected ValueError, but nothing was raised"),
        (
            "that expects another error",
            "expected an error that says 'too long', got \"invalid literal for int() with base 10: 'x'\"",
        ),
        (
            "that breaks off",
            """TypeError: 'NoneType' object is not subscriptable (the check broke off at: link["href"])""",
        ),
        ("each alphabet [анна]", "len(name): expected 1, got 4"),
        ("each alphabet [株式会社]", "len(name): expected 1, got 4"),
    ],
)
def test_a_red_check_is_one_sentence(said, check, words):
    assert said[check] == words


def test_a_wrong_number_of_queries_names_the_repeated_query_and_its_line(said):
    assert said["a query count"].startswith("1 query was expected, 3 were run. 3 times: SELECT … FROM ")


def test_a_query_for_each_row_is_named_beside_what_zeal_says(said):
    told = said["a query for each row"]

    assert told.startswith("One query for all rows was expected, one for each row is run: SELECT … FROM ")
    assert "NPlusOneError: N+1 detected on clients.Order.client" in told


# --- Comparisons ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "operator, got, expected, words",
    [
        ("==", [], [1], "expected [1], got []"),
        ("==", None, 302, "expected 302, got nothing (None)"),
        ("==", [1, 2], [1, 2, 3, 4], "expected [1, 2, 3, 4], got [1, 2]; missing: 3, 4"),
        (
            "==",
            [2, 1, 3, 4],
            [1, 2, 3, 4],
            "expected [1, 2, 3, 4], got [2, 1, 3, 4]; the same ones, in another order or number",
        ),
        ("==", {"a": 1, "b": 2}, {"a": 1, "b": 3}, "expected {'b': 3}, got {'b': 2}"),
        ("==", {"a": 1}, {"b": 1}, "expected {'b': 1}, got {'a': 1}"),
        ("==", "анна", "Анна", "expected 'Анна', got 'анна'"),
        (
            "==",
            "x" * 80 + "a",
            "x" * 80 + "b",
            f"expected '{'x' * 20}b', got '{'x' * 20}a' (from character 61 on)",
        ),
        ("in", "Ada", ["Grace"], "expected 'Ada' to be in it, but there was ['Grace']"),
        ("not in", "Ada", ["Ada"], "expected no 'Ada' in it, but there was ['Ada']"),
        ("is not", None, None, "expected something, got nothing (None)"),
        ("!=", 2, 2, "expected anything but 2, got just that"),
        (">=", 2, 3, "expected 3 at least, got 2"),
    ],
)
def test_a_comparison_is_put_into_words(operator, got, expected, words):
    assert compared(operator, got, expected) == words


def test_a_value_that_cannot_be_shown_is_no_error_of_its_own():
    class Broken:
        def __repr__(self):
            raise RuntimeError

    assert compared("==", Broken(), 1).startswith("expected 1, got <Broken instance at")


# --- Names of checks --------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "parameters, shown",
    [
        (r"\u0430\u043d\u043d\u0430", "анна"),
        (r"\xd6laf", "Ölaf"),
        (r"\U0001f680", "🚀"),
        (r"a\\u0430", r"a\u0430"),
        (r"\ud800-\x00", r"\ud800-\x00"),
        ("100%", "100%"),
    ],
)
def test_parameters_are_shown_in_their_own_letters(parameters, shown):
    assert sentence(f"tests/x.py::test_a_name[{parameters}]") == f"a name [{shown}]"


# --- Queries ----------------------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_the_line_of_a_template_is_named_where_it_asks():
    origin = Origin(str(ROOT / "clients" / "templates" / "rows.html"))
    template = Template("Clients:\n{% for client in clients %}{{ client }}{% endfor %}", origin=origin)
    baker.make(Client)
    with Queries() as queries:
        template.render(Context({"clients": Client.objects.all()}))

    assert queries.most_often[1] == "clients/templates/rows.html:2"


@pytest.mark.django_db
def test_at_most_leaves_room_below_and_exactly_does_not():
    with counted(3, exact=False):
        Client.objects.count()
    with (
        pytest.raises(pytest.fail.Exception, match=r"^3 queries were expected, 1 was run\. SELECT COUNT"),
        counted(3),
    ):
        Client.objects.count()
    with (
        pytest.raises(pytest.fail.Exception, match=r"^Counting\. 0 queries at most were expected, 1 was run"),
        counted(0, "Counting", exact=False),
    ):
        Client.objects.count()


@pytest.mark.django_db
def test_of_many_different_queries_the_first_are_named():
    with Queries() as queries:
        for number in range(6):
            list(Client.objects.all()[: number + 1])

    assert queries.listed.endswith("; and 2 more")


def test_a_long_query_loses_its_columns_and_keeps_its_condition():
    sql = f"SELECT {', '.join('column' for _ in range(40))} FROM clients_client WHERE id = %s"

    assert shortened_sql(sql) == "SELECT … FROM clients_client WHERE id = %s"
