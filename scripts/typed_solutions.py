"""Checks the types of the plain solutions: `python -m scripts.typed_solutions`.

They are typed where they belong: in a copy of the project, each in the place of the code that was taken out.
"""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from stages.catalog import ROOT, catalog
from stages.checking.practice_proof import LEFT_OUT
from stages.practice.placing import put_solution
from stages.practice.taking_out import take_out


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="solutions-") as folder:
        root = Path(folder, "copy")
        shutil.copytree(ROOT, root, ignore=LEFT_OUT)
        practised = [milestone for milestone in catalog() if milestone.practised]
        take_out(practised, root)
        for milestone in practised:
            put_solution(milestone, root)
        mypy = [sys.executable, "-m", "mypy", "--cache-dir", str(ROOT / ".mypy_cache" / "solutions")]
        sys.exit(subprocess.run(mypy, cwd=root, check=False).returncode)


if __name__ == "__main__":
    main()
