"""Asks for known vulnerabilities of everything the three locks pin: `python -m scripts.audit`.

pip-audit asks the package index that pip is set to. Where that cannot be reached, or does not know a package, the lock
was not audited, and that is said: nothing is taken for safe because nobody could be asked. Exits with 1 where something
is vulnerable.
"""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
LOCKS = ("requirements.txt", "requirements-prod.txt", "requirements-tools.txt")
OPTIONS = (
    "--disable-pip",
    "--require-hashes",
    "--format",
    "json",
    "--progress-spinner",
    "off",
    "--timeout",
    "10",
)


@dataclass(frozen=True)
class Audit:
    """What was found of one lock."""

    vulnerable: tuple[str, ...] = ()
    asked: int = 0
    not_asked: int = 0
    trouble: str = ""

    @property
    def words(self) -> str:
        if self.trouble:
            return f"not audited: {self.trouble}"
        if not self.asked:
            return f"not audited: the index knows none of the {self.not_asked} packages"
        unknown = f", {self.not_asked} unknown to the index" if self.not_asked else ""
        return f"{self.asked} packages asked for{unknown}, {len(self.vulnerable)} vulnerable"


def audited(lock: str) -> Audit:
    asked = [sys.executable, "-m", "pip_audit", *OPTIONS, "--requirement", lock]
    ended = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=False)
    try:
        return of_document(json.loads(ended.stdout))
    except ValueError:
        lines = [line for line in ended.stderr.splitlines() if line.strip()]
        return Audit(trouble=lines[-1][:200] if lines else f"pip-audit ended with status {ended.returncode}")


def of_document(document: dict[str, Any]) -> Audit:
    """From what pip-audit writes as JSON."""
    packages = document["dependencies"]
    asked = [one for one in packages if "skip_reason" not in one]
    vulnerable = [_words(one, found) for one in asked for found in one["vulns"]]
    return Audit(tuple(vulnerable), len(asked), len(packages) - len(asked))


def _words(package: dict[str, Any], found: dict[str, Any]) -> str:
    fixed = ", ".join(found["fix_versions"]) or "no version yet"
    return f"{package['name']} {package['version']}: {found['id']}, fixed in {fixed}"


def main() -> int:
    found = {lock: audited(lock) for lock in LOCKS}
    for lock, audit in found.items():
        print(f"{lock}: {audit.words}")
        for line in audit.vulnerable:
            print(f"  {line}")
    return 1 if any(audit.vulnerable for audit in found.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
