"""`make audit`: what is vulnerable is named, and what nobody could be asked about is not called safe."""

import subprocess

import pytest

from scripts import audit

SAFE = {"name": "django", "version": "5.2.19", "vulns": []}
BAD = {"name": "old", "version": "1.0", "vulns": [{"id": "PYSEC-1", "fix_versions": ["1.1"]}]}
UNKNOWN = {"name": "ours", "skip_reason": "Dependency not found"}


def test_a_vulnerable_package_is_named_with_the_version_that_mends_it():
    found = audit.of_document({"dependencies": [SAFE, BAD, UNKNOWN]})

    assert found.vulnerable == ("old 1.0: PYSEC-1, fixed in 1.1",)
    assert found.words == "2 packages asked for, 1 unknown to the index, 1 vulnerable"


def test_what_nobody_could_be_asked_about_is_not_called_safe():
    assert audit.of_document({"dependencies": [UNKNOWN]}).words == (
        "not audited: the index knows none of the 1 packages"
    )


@pytest.mark.parametrize(
    "printed, said", [("", "not audited: no route to host"), ("[", "not audited: no route to host")]
)
def test_a_source_that_cannot_be_reached_is_said(monkeypatch, printed, said):
    ended = subprocess.CompletedProcess([], 1, printed, "Traceback\nno route to host\n")
    monkeypatch.setattr(audit.subprocess, "run", lambda *arguments, **options: ended)

    assert audit.audited("requirements.txt").words == said


@pytest.mark.parametrize("packages, status", [([SAFE], 0), ([BAD], 1), ([UNKNOWN], 0)])
def test_only_what_is_vulnerable_fails(monkeypatch, packages, status):
    found = audit.of_document({"dependencies": packages})
    monkeypatch.setattr(audit, "audited", lambda lock: found)

    assert audit.main() == status
