"""Whose error it is: the innermost line of the project decides which milestone fails."""

import pytest
from django.template.loader import get_template

from clients.crud import listing
from stages.catalog import catalog
from stages.checking.blame import Place, innermost, owner
from stages.checking.recording import Facts, judge
from stages.checking.results import Report
from tests.processes import ROOT, python
from tests.stages.samples import report, result

# A check of 2 that meets an error in the code of 4, once in the check itself and once in what prepares it.
CHECKS_OF_CRUD = """
import pytest
from clients.crud import listing

pytestmark = [pytest.mark.django_db, pytest.mark.required]


@pytest.fixture
def broken(milestones, monkeypatch):
    milestones.on("search-pagination")
    monkeypatch.delattr(listing, "LargeTablePaginator")


@pytest.fixture
def prepared(broken, guest):
    return guest.get("/clients/")


def test_it_meets_the_error(broken, guest):
    guest.get("/clients/")


def test_its_fixture_meets_the_error(prepared):
    assert prepared.status_code == 200


def test_it_only_asserts():
    assert 1 == 2
"""


def caught(call, *arguments) -> BaseException:
    with pytest.raises(Exception) as raised:  # noqa: PT011  # whatever it is
        call(*arguments)
    return raised.value


def owned_by(place: Place | None, asked: str = "client-crud") -> str | None:
    found = owner(place, catalog().get(asked), ROOT)
    return found and found.slug


def line_of(path: str, text: str) -> int:
    lines = (ROOT / path).read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, start=1) if text in line)


# --- Where it happened ------------------------------------------------------------------------------------------------
@pytest.fixture
def list_page(milestones, guest):
    milestones.only("search-pagination")
    return lambda: guest.get("/clients/")


def test_a_name_that_is_not_there_fails_the_milestone_in_whose_code_it_is_used(list_page, monkeypatch):
    monkeypatch.delattr(listing, "LargeTablePaginator")
    place = innermost(caught(list_page).__traceback__, ROOT)

    assert place == Place("clients/crud/listing.py", line_of("clients/crud/listing.py", "return page_of("))
    assert owned_by(place) == "search-pagination"


def test_what_a_body_calls_elsewhere_is_still_its_own_error(list_page, monkeypatch):
    def breaks(*arguments):
        raise RuntimeError("in a library, or in a check")

    monkeypatch.setattr(listing, "LargeTablePaginator", breaks)
    place = innermost(caught(list_page).__traceback__, ROOT)

    assert place.path == "clients/search/pages.py"
    assert owned_by(place) == "search-pagination"


def test_an_error_in_shared_code_has_a_place_and_no_owner(list_page, monkeypatch):
    monkeypatch.delattr(listing, "first_words")
    place = innermost(caught(list_page).__traceback__, ROOT)

    assert place == Place(
        "clients/crud/listing.py", line_of("clients/crud/listing.py", "return first_words(")
    )
    assert owned_by(place) is None


def test_an_error_of_a_template_is_found_in_its_line():
    class Page:
        has_previous = True

        def previous_page_number(self):
            raise RuntimeError("it breaks while the page is rendered")

    path = "clients/templates/clients/_pagination.html"
    template = get_template("clients/_pagination.html")
    place = innermost(caught(template.render, {"page": Page()}).__traceback__, ROOT)

    assert place == Place(path, line_of(path, "page.previous_page_number"))
    assert owned_by(place) == "search-pagination"


def test_of_several_owners_the_asked_one_counts_and_then_the_earliest():
    form = Place("clients/templates/clients/client_form.html", 1)

    assert owned_by(form, "client-validation") == "client-validation"
    assert owned_by(form, "orders") == "client-crud"


def test_the_narrowest_owner_counts():
    line = line_of("clients/querysets.py", "def search(")

    assert owned_by(Place("clients/querysets.py", line)) == "search-pagination"


def test_an_error_of_the_checks_alone_has_no_place():
    assert innermost(caught(int, "x").__traceback__, ROOT) is None


# --- What becomes of it -----------------------------------------------------------------------------------------------
def test_only_an_error_keeps_its_line():
    error = Facts("failed", "exception", frame="clients/crud/listing.py:39", blame="search-pagination")
    assertion = Facts("failed", "assertion", frame="clients/crud/listing.py:39")

    assert (judge("own", error).frame, judge("own", error).blame) == (error.frame, error.blame)
    assert (judge("own", assertion).frame, judge("own", assertion).blame) == ("", "")


@pytest.mark.parametrize(
    "run, status", [("own", "fail"), ("all", "fail"), ("off", "error"), ("mistakes", "error")]
)
def test_an_error_that_a_fixture_met_speaks_against_the_code_but_proves_nothing_of_a_check(run, status):
    assert judge(run, Facts("failed", "fixture", frame="clients/crud/listing.py:39")).status == status


def states(found: Report) -> dict[str, tuple]:
    return {row.milestone.slug: (str(row.status), row.blocked_by) for row in found.rows}


def error_in_search(milestone: str):
    return result(milestone, "fail", frame="clients/crud/listing.py:39", blame="search-pagination")


def test_its_milestone_fails_and_whoever_met_it_waits():
    found = report(error_in_search("client-crud"), error_in_search("search-pagination"), result("orders"))

    assert states(found) == {
        "client-crud": ("blocked", ("search-pagination",)),
        "search-pagination": ("fail", ()),
        "orders": ("pass", ()),
    }


def test_a_milestone_that_was_not_run_fails_for_its_code_too_and_is_read_again_as_such(tmp_path):
    found = report(error_in_search("client-crud"))
    found.write(tmp_path / "results.json")

    for one in (found, Report.read(tmp_path / "results.json")):
        assert states(one) == {
            "client-crud": ("blocked", ("search-pagination",)),
            "search-pagination": ("fail", ()),
        }


def test_an_error_in_its_own_code_is_no_waiting_for_what_it_requires():
    found = report(result("client-crud", "fail"), error_in_search("search-pagination"))

    assert states(found)["search-pagination"] == ("fail", ())


def test_its_own_failure_is_not_hidden_by_what_it_met_elsewhere():
    found = report(error_in_search("client-crud"), result("client-crud", "fail", test="test_own"))

    assert states(found)["client-crud"] == ("fail", ())


def test_a_run_tells_the_checks_error_and_that_of_its_fixture_from_an_assertion(tmp_path):
    (tmp_path / "test_02_mine.py").write_text(CHECKS_OF_CRUD)
    done = python(
        "-m", "pytest", "-p", "conftest", "-c", str(ROOT / "pyproject.toml"), "--rootdir", str(ROOT),
        "--ds=mini_crm.settings.junior", "-p", "no:randomly", "-p", "no:cacheprovider", str(tmp_path),
        "--results", str(tmp_path / "results.json"),
    )  # fmt: skip
    assert done.returncode == 1, done.stdout + done.stderr

    found = {one.test.rpartition("::")[2]: one for one in Report.read(tmp_path / "results.json").results}
    line = f"clients/crud/listing.py:{line_of('clients/crud/listing.py', 'return page_of(')}"
    assert {name: (one.blame, one.frame) for name, one in found.items() if one.test.endswith(name)} == {
        "test_it_meets_the_error": ("search-pagination", line),
        "test_its_fixture_meets_the_error": ("search-pagination", line),
        "test_it_only_asserts": ("", ""),
    } | {name: ("", "") for name in found if not name.startswith("test_it")}
