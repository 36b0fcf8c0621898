"""A guard that cannot fail proves nothing: each guard of the suites is seen to fail here. docs/reviewing.md lists them.

Those that need a browser are in tests/browser/test_guards.py, those that need the tools in tests/lint/test_guards.py.
"""

import inspect
import re
import shutil
from unittest import mock

import pytest
from django.core.management import call_command
from django.http import HttpResponse, HttpResponseNotFound, HttpResponseRedirect
from model_bakery import baker
from rest_framework.response import Response
from schemathesis.core.failures import FailureGroup

from clients.models import Client, Order
from tests import fixtures
from tests.middle.test_14_api_schema import schema_of_the_api
from tests.processes import ROOT, python, run
from tests.suite import checks_in

EMPTY = [
    "def test_that_says_nothing_at_all(): pass",
    "def test_that_only_prints_something(): print('fine')",
    "def helper(): return 1\ndef test_that_calls_a_helper_for_nothing(): helper()",
]
TABLE = re.compile(r"^\| [^|]+ \| [^|]+ \| `(tests/\S+\.py)::(test_\w+)` \|$", re.MULTILINE)


# --- The list of them -------------------------------------------------------------------------------------------------
def test_every_guard_that_is_listed_has_its_test():
    listed = TABLE.findall((ROOT / "docs" / "reviewing.md").read_text(encoding="utf-8"))
    here = {(file, check.name) for file, _ in listed for check in checks_in(ROOT / file)}

    assert len(listed) >= 25
    assert [test for test in listed if test not in here] == []


def test_every_test_of_a_guard_is_listed():
    listed = set(TABLE.findall((ROOT / "docs" / "reviewing.md").read_text(encoding="utf-8")))
    files = sorted((ROOT / "tests").glob("*/test_guards.py"))
    ours = {(file.relative_to(ROOT).as_posix(), check.name) for file in files for check in checks_in(file)}

    assert len(files) == 4
    assert {test for test in ours - listed if "listed" not in test[1]} == set()


# --- Queries ----------------------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_a_query_for_each_row_fails_with_the_line_that_asks():
    for name in ("a", "b"):
        baker.make(Order, client=baker.make(Client, email=f"{name}@mail.com"), amount=1)

    def names_one_by_one() -> list[str]:
        return [order.client.name for order in Order.objects.all()]

    with pytest.raises(pytest.fail.Exception) as found, fixtures.no_query_per_row():
        names_one_by_one()
    line = inspect.getsourcelines(names_one_by_one)[1] + 1
    assert f"N+1 detected on clients.Order.client at {__file__}:{line}" in str(found.value)


@pytest.mark.django_db
def test_a_query_for_each_row_behind_a_page_fails_too(learner_client, milestones):
    """Through the test client and the view, whose error handling must not swallow it."""
    for name in ("a", "b"):
        baker.make(Order, client=baker.make(Client, email=f"{name}@mail.com"), amount=1)

    def naive(clients) -> list[Client]:
        return [client for client in clients if list(client.orders.all())]

    with (
        mock.patch("clients.crud.listing.with_totals", naive),
        pytest.raises(pytest.fail.Exception, match=r"clients\.Client\.orders at .*test_guards\.py"),
        fixtures.no_query_per_row(),
    ):
        learner_client.get("/clients/")


def test_one_query_too_many_and_one_too_few_fail(
    db, django_assert_num_queries, django_assert_max_num_queries
):
    for wrong in (0, 2):
        with pytest.raises(pytest.fail.Exception, match=r"1 (was|were)"), django_assert_num_queries(wrong):
            Client.objects.count()
    with pytest.raises(pytest.fail.Exception), django_assert_max_num_queries(0):
        Client.objects.count()


# --- Answers that are mistaken for others -----------------------------------------------------------------------------
def answer(response: HttpResponse) -> HttpResponse:
    response.request = {"REQUEST_METHOD": "GET", "PATH_INFO": "/clients/"}
    return response


OFF = b"<main data-switched-off='orders'></main>"


@pytest.mark.parametrize(
    "check, wrong",
    [
        (fixtures.assert_gone, HttpResponseNotFound(OFF)),
        (fixtures.assert_gone, HttpResponse("here it is")),
        (fixtures.assert_refused, HttpResponseNotFound(OFF)),
        (fixtures.assert_refused, HttpResponseNotFound("no such page")),
        (fixtures.assert_refused, HttpResponseRedirect("/accounts/login/?next=/clients/")),
        (fixtures.assert_not_switched_off, HttpResponseNotFound(OFF)),
        (
            lambda found: fixtures.assert_sent_to_login(found, "/x/"),
            HttpResponseRedirect("/elsewhere/?next=/x/"),
        ),
        (
            lambda found: fixtures.assert_sent_to_login(found, "/x/"),
            HttpResponseRedirect("/accounts/login/?next=/"),
        ),
        (lambda found: fixtures.assert_switched_off(found, "avatars"), HttpResponseNotFound(OFF)),
        (lambda found: fixtures.assert_switched_off(found, "orders"), HttpResponseNotFound("plain")),
        (fixtures.page, HttpResponse("{}", content_type="application/json")),
        (fixtures.page, HttpResponse("no", status=403)),
    ],
)
def test_an_answer_is_not_taken_for_another(check, wrong):
    with pytest.raises(AssertionError):
        check(answer(wrong))


@pytest.mark.django_db(transaction=True)
def test_an_answer_outside_the_schema_is_found(guest, milestones):
    schema = schema_of_the_api(guest)
    case = schema["/api/orders/{id}/"]["GET"].Case(path_parameters={"id": 1})
    case.call_and_validate()
    with (
        mock.patch("clients.api.views.OrderViewSet.retrieve", return_value=Response({"id": "one"})),
        pytest.raises(FailureGroup),
    ):
        case.call_and_validate()


# --- Tests that test nothing ------------------------------------------------------------------------------------------
@pytest.mark.parametrize("source", EMPTY)
def test_a_test_without_an_assertion_is_found(tmp_path, source):
    (tmp_path / "test_x.py").write_text(source)

    assert [check.asserts for check in checks_in(tmp_path / "test_x.py")] == [False]


# --- Migrations and coverage ------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_a_model_that_has_changed_without_its_migration_is_an_error(monkeypatch, capsys):
    call_command("makemigrations", check_changes=True, dry_run=True)
    monkeypatch.setattr(Client._meta.get_field("name"), "max_length", 7)
    with pytest.raises(SystemExit) as ended:
        call_command("makemigrations", check_changes=True, dry_run=True)

    assert ended.value.code == 1
    assert "Alter field name on client" in capsys.readouterr().out


def test_too_little_coverage_is_an_error(tmp_path):
    measured = {"COVERAGE_FILE": str(tmp_path / "coverage")}
    done = python("-m", "coverage", "run", "manage.py", "check", **measured)
    assert done.returncode == 0, done.stderr
    python("-m", "coverage", "combine", **measured)
    below = python("-m", "scripts.coverage_by_stage", "--fail-under", "95", timeout=600, **measured)

    assert below.returncode == 1
    assert re.search(
        r"^\d\d\.\d\d % of clients/ and stages/ is covered; 95 % is asked for", below.stderr, re.M
    )


# --- What a target needs ----------------------------------------------------------------------------------------------
def test_a_program_that_cannot_be_installed_stops_the_target(tmp_path):
    done = run(
        shutil.which("sh"),
        "scripts/debian_package.sh",
        "no-such-program",
        "no-such-package",
        PATH=str(tmp_path),
    )

    assert done.returncode == 1
    assert "no-such-program is missing" in done.stderr
