"""Somebody's project that insists on PostgreSQL, graded on a cluster of its own."""

import shutil
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from grading.grade import graded
from grading.postgres import cluster
from stages.catalog import ROOT
from stages.checking.results import Status

OTHER = ROOT / "tests" / "grading" / "projects" / "other"


@pytest.fixture
def insisting(tmp_path) -> Path:
    """The right project of stage 2, with what only PostgreSQL has in a migration."""
    folder = tmp_path / "insisting"
    shutil.copytree(OTHER, folder)
    migrations = folder / "clients" / "migrations"
    last = sorted(migrations.glob("0*.py"))[-1].stem
    (migrations / "9999_trigrams.py").write_text(
        "from django.contrib.postgres.operations import TrigramExtension\n"
        "from django.db import migrations\n\n\n"
        "class Migration(migrations.Migration):\n"
        f'    dependencies = [("clients", "{last}")]\n'
        "    operations = [TrigramExtension()]\n"
    )
    return folder


def test_it_is_graded_and_nothing_is_left(insisting, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", "/var/tmp")
    before = set(Path("/var/tmp").glob("grade-*"))
    report = graded(insisting, Path(sys.executable), (0, 2, 9))
    assert not report.stopped
    assert {row.status for row in report.rows} == {Status.PASS}
    assert set(Path("/var/tmp").glob("grade-*")) == before


def test_the_project_may_do_nothing_outside_its_database(tmp_path, monkeypatch):
    folder = Path("/var/tmp/grade-of-a-test")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    try:
        with cluster(folder / "postgres") as database:
            host = {"host": database["HOST"], "dbname": "graded"}
            with (
                psycopg.connect(user="graded", **host) as connection,
                pytest.raises(psycopg.errors.InsufficientPrivilege),
            ):
                connection.execute("COPY (SELECT 1) TO PROGRAM 'cat'")
            with pytest.raises(psycopg.OperationalError, match=r"no pg_hba\.conf entry"):
                psycopg.connect(user="postgres", **host)
    finally:
        shutil.rmtree(folder)
    assert not subprocess.run(["pgrep", "-f", str(folder)], capture_output=True, check=False).stdout
