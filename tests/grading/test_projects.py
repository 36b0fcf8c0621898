"""Three projects of other people, each with the verdict that it deserves written beside it."""

import shutil
import sys
from pathlib import Path

import pytest

from grading import postgres
from grading.checks import office
from grading.command import lines, status
from grading.grade import graded
from grading.overview import WORDS
from grading.project import Project
from grading.served import served
from grading.workplace import left_out, workplace
from stages.catalog import ROOT

PROJECTS = Path(__file__).with_name("projects")


def verdict(name: str) -> list[str]:
    report = graded(PROJECTS / name, Path(sys.executable))
    return [f"{row.milestone.number} {WORDS[row.status]}" for row in report.rows]


@pytest.mark.parametrize("name", ["beginner", "other"])
def test_a_project_gets_exactly_its_verdict(name):
    """`beginner` has stage 1 with four mistakes; `other` two stages, right, and unlike ours wherever one is free."""
    assert verdict(name) == (PROJECTS / name / "verdict.txt").read_text().splitlines()


def test_a_project_that_does_not_start_is_not_accused_of_anything():
    report = graded(PROJECTS / "broken", Path(sys.executable))
    assert "No module named 'clients'" in report.stopped
    assert lines(report) == [f"Nothing could be judged. {report.stopped}"]
    assert status(report) == 4


def test_nothing_is_left_behind_and_nothing_written_into_the_project(tmp_path, monkeypatch):
    before = {path: path.stat().st_mtime_ns for path in (PROJECTS / "broken").rglob("*")}
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    graded(PROJECTS / "broken", Path(sys.executable))
    assert not list(tmp_path.iterdir())
    assert {path: path.stat().st_mtime_ns for path in (PROJECTS / "broken").rglob("*")} == before


def test_daphne_serves_a_project_whose_runserver_would_serve_no_sockets(tmp_path):
    copy = shutil.copytree(PROJECTS / "other", tmp_path / "other")
    (copy / "buero" / "asgi.py").write_text(
        "from django.core.asgi import get_asgi_application\n\napplication = get_asgi_application()\n"
    )
    with (copy / "buero" / "settings.py").open("a") as settings:
        settings.write('\nASGI_APPLICATION = "buero.asgi.application"\n')
    with workplace(Project.found_in(copy), Path(sys.executable)) as place, served(place) as running:
        assert running.visitor().get("/health/").headers["Server"] == "daphne"
        office.added(running)


@pytest.mark.parametrize(
    "line, insists",
    [
        ("from django.contrib.postgres.search import SearchVector", True),
        ("    import django.contrib.postgres.fields", True),
        ("INSTALLED_APPS = [  # (ours) [last]\n    '{}',\n]", True),
        ("INSTALLED_APPS = ['clients', '{}'\n]", True),
        ("INSTALLED_APPS += ['{}']", True),
        ("INSTALLED_APPS = [\n    # '{}',\n]", False),
        ("# from django.contrib.postgres import nothing", False),
        ("WORD = '{}'", False),
        ("INSTALLED_APPS = ['clients']\nWORD = '{}'", False),
    ],
)
def test_postgresql_is_lent_to_whom_insists_on_it(tmp_path, line, insists):
    (tmp_path / "settings.py").write_text(line.format(postgres.WORD))
    assert postgres.is_wanted(tmp_path) == insists


def test_our_own_crm_does_not_insist_on_it(tmp_path):
    """Where PostgreSQL is not installed it could not be judged, although it needs none."""
    assert not postgres.is_wanted(shutil.copytree(ROOT, tmp_path / "copy", ignore=left_out, symlinks=True))


def test_a_virtual_environment_is_left_out_by_what_it_is(tmp_path):
    for name in ("env", "my-python"):
        (tmp_path / "project" / name).mkdir(parents=True)
    (tmp_path / "project" / "my-python" / "pyvenv.cfg").touch()
    copy = shutil.copytree(tmp_path / "project", tmp_path / "copy", ignore=left_out)
    assert [path.name for path in copy.iterdir()] == ["env"]
