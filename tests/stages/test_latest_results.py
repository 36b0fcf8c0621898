"""What `stages check` keeps: milestone by milestone, whoever else writes, and only as long as the code is the same."""

import os
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.core.management import call_command

from stages import last_results
from stages.catalog import catalog
from stages.checking import latest
from stages.checking.files import code_files, digest
from stages.checking.results import Report, Status
from stages.last_results import last_check, latest_file
from tests.fixtures import text_of
from tests.stages.conftest import entry
from tests.stages.samples import ABOUT, result


def found(*results, **digests: str) -> Report:
    code = {
        slug.replace("_", "-"): {"checked": "2026-11-23T19:53:06+00:00", "digest": value}
        for slug, value in digests.items()
    }
    return Report(results, ABOUT, code)


def kept() -> dict[str, str]:
    return {row.milestone.slug: str(row.status) for row in Report.read(latest_file()).rows}


# --- One after the other ----------------------------------------------------------------------------------------------
def test_a_milestone_that_is_checked_leaves_the_marks_of_the_others():
    latest.record(found(result("orders", "fail"), result("avatars")))
    latest.record(found(result("orders")))

    assert kept() == {"orders": "pass", "avatars": "pass"}


def test_only_the_required_checks_of_the_same_code_leave_its_other_checks():
    latest.record(found(result("orders"), result("orders", "fail", test="test_further"), orders="a"))
    latest.record(found(result("orders"), orders="a"))

    assert kept() == {"orders": "fail"}


def test_what_was_found_in_other_code_is_forgotten():
    latest.record(found(result("orders"), result("orders", "fail", test="test_further"), orders="a"))
    latest.record(found(result("orders"), orders="b"))

    assert kept() == {"orders": "pass"}


def test_what_a_red_milestone_blocks_is_told_by_what_was_kept_of_it():
    latest.record(found(result("order-totals")))
    latest.record(found(result("orders", "fail")))

    assert kept() == {"orders": "fail", "order-totals": "blocked"}


def test_an_error_that_was_blamed_on_what_is_checked_again_has_to_be_looked_for_again():
    latest.record(found(result("orders", "fail", blame="client-crud", frame="clients/crud/functions.py:9")))
    assert kept() == {"client-crud": "fail", "orders": "blocked"}
    latest.record(found(result("client-crud")))

    assert kept() == {"client-crud": "pass", "orders": "blocked"}
    assert last_check("orders").status == "stale"


@pytest.mark.parametrize("spoilt", ["", "{", "[]", '{"schema": "mini-crm-results/1"}', '{"schema": "other"}'])
def test_a_spoilt_file_is_written_anew(spoilt):
    latest_file().parent.mkdir(parents=True)
    latest_file().write_text(spoilt)
    latest.record(found(result("orders")))

    assert kept() == {"orders": "pass"}


# --- At the same time -------------------------------------------------------------------------------------------------
def test_checks_that_end_at_the_same_time_lose_nothing(monkeypatch):
    known = latest._known

    def slowly(path: Path) -> Report:
        report = known(path)
        time.sleep(0.02)
        return report

    monkeypatch.setattr(latest, "_known", slowly)
    slugs = [milestone.slug for milestone in catalog()]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda slug: latest.record(found(result(slug))), slugs))

    assert kept() == dict.fromkeys(slugs, "pass")


def test_a_write_that_breaks_off_leaves_the_whole_old_file(monkeypatch):
    latest.record(found(result("orders")))

    def breaks(self, *arguments, **options):
        self.touch()
        raise OSError("disk full")

    with monkeypatch.context() as broken:
        broken.setattr(Path, "write_text", breaks)
        with pytest.raises(OSError, match="disk full"):
            latest.record(found(result("avatars")))

    assert kept() == {"orders": "pass"}
    assert sorted(file.name for file in latest_file().parent.iterdir()) == ["latest.json", "latest.lock"]
    latest.record(found(result("avatars")))
    assert kept() == {"orders": "pass", "avatars": "pass"}


# --- Stale ------------------------------------------------------------------------------------------------------------
@pytest.fixture
def mine(curriculum, tmp_path, monkeypatch) -> Path:
    """A milestone of one's own whose files stand in a repository of their own."""
    names = ("clients.mine:view", "template:mine.html", "file:deploy/mine.conf", "clients.gone:x")
    code = "[" + ", ".join(f'{{ shown = "{name}" }}' for name in names) + "]"
    curriculum(entry(90, "mine", code=code), real=True)
    monkeypatch.setattr(last_results, "ROOT", tmp_path)
    for path in (
        "clients/mine.py",
        "clients/templates/mine.html",
        "deploy/mine.conf",
        "tests/junior/test_90_mine.py",
    ):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text("as it was")
    milestone = catalog().get("mine")
    latest.record(found(result("mine"), result("orders"), mine=digest(milestone, tmp_path)))
    return tmp_path


def test_a_mark_is_good_as_long_as_nothing_changes(mine):
    assert last_check("mine").words == "checks passed"
    assert last_check("mine").at.isoformat().startswith("2026-11-23T")
    assert [file.name for file in code_files(catalog().get("mine"), mine)] == [
        "mine.py",
        "mine.html",
        "mine.conf",
    ]


@pytest.mark.parametrize(
    "path",
    ["clients/mine.py", "clients/templates/mine.html", "deploy/mine.conf", "tests/junior/test_90_mine.py"],
)
def test_a_mark_is_stale_once_its_code_or_its_checks_have_changed(mine, path):
    (mine / path).write_text("changed")

    assert (last_check("mine").status, last_check("mine").words) == ("stale", "changed since the last check")
    assert last_check("orders").status == "pass"


def test_saving_the_same_again_changes_nothing(mine):
    os.utime(mine / "clients" / "mine.py", (1_000_000, 1_000_000))

    assert last_check("mine").status == "pass"


def test_the_map_says_so(mine, guest):
    (mine / "clients" / "mine.py").write_text("changed")

    assert text_of(guest.get("/stages/mine/"), ".last-check") == "changed since the last check"


# --- Who reads it -----------------------------------------------------------------------------------------------------
def test_the_report_reads_it_when_no_file_is_named(tmp_path):
    latest.record(found(result("orders", "fail")))
    call_command("stages", "report", "--markdown", str(tmp_path / "report.md"))

    assert "0 of 1 milestones hold" in (tmp_path / "report.md").read_text()


def test_results_are_kept_whole(tmp_path):
    latest.record(found(result("orders", "fail"), orders="a"))
    read = Report.read(latest_file())

    assert read.status is Status.FAIL
    assert read.code["orders"]["digest"] == "a"
    assert sorted(file.name for file in latest_file().parent.iterdir()) == ["latest.json", "latest.lock"]
