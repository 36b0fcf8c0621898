"""What stops a check before any test is run: one line with file and line, at once."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.checks import Error
from django.db.models import Field

from clients.models import Client
from stages.catalog import catalog
from stages.checking import check as checking
from stages.checking.check import question, status
from stages.checking.compiling import first_that_does_not_compile
from stages.checking.first_look import UnsoundProjectError, broken_templates, located, look, said_by_check
from stages.checking.results import Report
from tests.processes import ROOT, run

COPIED = ("clients", "mini_crm", "stages", "tests")
CODE = shutil.ignore_patterns("static", "__pycache__", "browser", "mistakes")


# --- What does not compile --------------------------------------------------------------------------------------------
@pytest.fixture
def project(tmp_path) -> Path:
    (tmp_path / "clients" / "crud").mkdir(parents=True)
    (tmp_path / "manage.py").write_text("print(1)\n")
    (tmp_path / "clients" / "crud" / "listing.py").write_text("x = 1\n")
    return tmp_path


def test_a_project_that_compiles_says_nothing(project):
    assert first_that_does_not_compile(project) == ""
    assert first_that_does_not_compile(project) == ""


@pytest.mark.parametrize(
    "source, said",
    [
        ("x = 1\ndef broken(:\n", "clients/crud/listing.py:2: invalid syntax: def broken(:"),
        ("if x:\nprint(1)\n", "clients/crud/listing.py:2: expected an indented block"),
        ("print('never closed\n", "clients/crud/listing.py:1: unterminated string literal"),
    ],
)
def test_a_syntax_error_is_one_line_with_file_and_line(project, source, said):
    (project / "clients" / "crud" / "listing.py").write_text(source)
    found = first_that_does_not_compile(project)

    assert found.startswith(said)
    assert "\n" not in found


def test_a_file_that_was_saved_again_is_looked_at_again(project):
    file = project / "clients" / "crud" / "listing.py"
    first_that_does_not_compile(project)
    file.write_text("x = \n")
    os.utime(file, (1_000_000, 1_000_000))

    assert first_that_does_not_compile(project).startswith("clients/crud/listing.py:1: invalid syntax")


def test_a_folder_that_cannot_be_written_to_does_not_matter(project, monkeypatch):
    def refuses(*arguments, **options):
        raise PermissionError("read-only")

    monkeypatch.setattr("stages.checking.compiling.py_compile.compile", refuses)

    assert first_that_does_not_compile(project) == ""


# --- What Django finds fault with -------------------------------------------------------------------------------------
def test_the_project_itself_is_sound():
    look()


def test_a_template_that_does_not_parse_is_named_with_its_line(settings, tmp_path):
    folder = tmp_path / "templates"
    folder.mkdir()
    (folder / "good.html").write_text("{% if x %}{% endif %}")
    (folder / "odd.html").write_text("one\n{% if x %}\n")
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [folder], "APP_DIRS": False, "OPTIONS": {}}]
    found = list(broken_templates((folder,), tmp_path))

    assert len(found) == 1
    assert found[0].startswith("templates/odd.html:2: Unclosed tag on line 2: 'if'.")


def test_a_fault_of_a_field_is_named_with_the_line_of_the_field():
    field: Field = Client._meta.get_field("email")
    line = said_by_check(Error("no such thing", obj=field, id="x.E1"), ROOT)
    path, number, said = line.split(":", 2)

    assert path == "clients/models/client.py"
    assert (ROOT / path).read_text().splitlines()[int(number) - 1].strip().startswith("email =")
    assert said == " no such thing (x.E1)"


def test_a_fault_without_a_place_is_said_to_come_from_the_command():
    assert said_by_check(Error("no such thing", id="x.E1"), ROOT) == "manage.py check: no such thing (x.E1)"


def test_an_error_on_the_way_is_said_with_its_last_line_of_the_project(monkeypatch):
    def breaks():
        return located(RuntimeError(f"cannot import it ({ROOT}/clients/x.py)"))

    assert breaks() == "RuntimeError: cannot import it (clients/x.py)"
    monkeypatch.setattr("stages.checking.first_look.run_checks", lambda: int("x"))
    with pytest.raises(UnsoundProjectError, match="ValueError"):
        look()


# --- What becomes of it -----------------------------------------------------------------------------------------------
def test_whatever_was_asked_for_fails_without_a_check_and_is_kept(monkeypatch):
    stopped = "clients/crud/listing.py:12: invalid syntax"
    monkeypatch.setattr(checking, "first_that_does_not_compile", lambda root: stopped)
    monkeypatch.setattr(checking, "run_checks", lambda *arguments: pytest.fail("nothing is to be run"))
    wanted = question([catalog().get("orders")])
    told, kept = [], []
    report = checking.answer(wanted, told.append, kept.append)

    assert told == [stopped]
    assert kept == [report]
    assert status(wanted, report) == 1
    assert [(one.milestone, one.got) for one in report.results] == [("orders", stopped)]


# --- For real, in a copy of the project -------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def copy(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("copy")
    for name in COPIED:
        shutil.copytree(ROOT / name, folder / name, ignore=CODE)
    for name in ("manage.py", "conftest.py", "pyproject.toml"):
        shutil.copy(ROOT / name, folder / name)
    return folder


@pytest.fixture
def broken(copy):
    """`broken(path, more)` puts more at the end of a file, for one test."""
    before: dict[Path, str] = {}

    def spoil(path: str, more: str, *, old: str = "") -> None:
        file = copy / path
        before[file] = file.read_text(encoding="utf-8")
        file.write_text(before[file].replace(old, more, 1) if old else before[file] + more, encoding="utf-8")

    yield spoil
    for file, text in before.items():
        file.write_text(text, encoding="utf-8")


def check(copy: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return run(sys.executable, "manage.py", "stages", "check", *arguments, cwd=copy)


@pytest.mark.parametrize(
    "path", ["clients/crud/listing.py", "stages/catalog.py", "mini_crm/settings/base.py"]
)
def test_a_syntax_error_anywhere_is_the_one_line_that_check_says(copy, broken, path):
    broken(path, "\ndef broken(:\n")
    done = check(copy, "4")

    assert done.returncode == 1
    said = (done.stdout + done.stderr).strip().splitlines()
    assert len(said) == 1
    assert said[0].startswith(f"{path}:")
    assert said[0].endswith(": invalid syntax: def broken(:")


@pytest.mark.parametrize(
    "path, more, old, said",
    [
        ("clients/templates/clients/_pagination.html", "{% if x %}", "", ": Unclosed tag on line"),
        ("clients/admin.py", 'list_display = ["nonsense", ', "list_display = [", "'nonsense'"),
        ("clients/crud/listing.py", "\nimport no_such_thing\n", "", ": ModuleNotFoundError: No module named"),
    ],
)
def test_what_django_finds_fault_with_is_one_line_as_well(copy, broken, path, more, old, said):
    broken(path, more, old=old)
    done = check(copy, "4")

    assert done.returncode == 1
    lines = done.stdout.strip().splitlines()
    assert len(lines) == 1
    assert lines[0].startswith(f"{path}:")
    assert said in lines[0]
    kept = Report.read(copy / ".results" / "latest.json")
    assert {one.got for one in kept.results if one.milestone == "search-pagination"} == {lines[0]}


def test_a_misspelt_milestone_is_wrong_usage(copy):
    done = check(copy, "client-crut")

    assert done.returncode == 2
    assert done.stderr.startswith("There is no milestone 'client-crut'. Did you mean client-crud")
    assert len(done.stderr.splitlines()) == 1
