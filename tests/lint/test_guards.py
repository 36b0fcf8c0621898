"""`make lint`, `make types` and the import contracts are seen to fail: each on a copy of the project with one mistake.

These need requirements-tools.txt; `make lint` runs them after its checks.
"""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.processes import ROOT, python, run


def workflow(event: str, expression: str) -> str:
    steps = f"    steps:\n      - run: echo ${{{{ {expression} }}}}\n"
    return f"name: wrong\non: {event}\njobs:\n  a:\n    runs-on: ubuntu-24.04\n{steps}"


# What is added to a copy so that this check of scripts/lint.sh has something to say, and to which file.
SOWN = {
    "style": ("clients/wrong_style.py", "import os\n"),
    "format": ("clients/wrong_format.py", "x  =  'one'\n"),
    "templates": ("clients/templates/wrong.html", "{%if x%}{%endif%}\n"),
    "format of CSS and JavaScript": ("clients/static/crm/wrong.css", ".a { color: red; margin: 0; }\n"),
    "JavaScript": ("clients/static/crm/wrong.js", "console.log(nowhere);\n"),
    "imports between packages": ("stages/web.py", "\nimport clients.models  # noqa\n"),
    "Django's own checks": (
        "clients/crud/functions.py",
        "\nWRONG = is_active('no-such-milestone')  # noqa\n",
    ),
    "shell scripts": ("scripts/wrong.sh", "#!/bin/sh\nrm $1\n"),
    "registries": ("docs/wrong.md", "Take it from " + "pypi" + ".org.\n"),
    "large files": ("docs/wrong.bin", "x" * 1_100_000),
    "workflow schema": (".github/workflows/wrong-schema.yml", "name: wrong\non: push\njobs: 1\n"),
    "Dependabot's schema": (".github/dependabot.yml", "\nnonsense: 1\n"),
    "action schema": (".github/actions/wrong/action.yml", "name: wrong\nruns: 1\n"),
    "workflow sense": (".github/workflows/wrong-sense.yml", workflow("push", "nothing.at.all")),
    "workflow safety": (".github/workflows/wrong-safety.yml", workflow("issues", "github.event.issue.title")),
    "compose schema": ("docker-compose.yml", "\nnonsense: 1\n"),
    "Dockerfile": ("deploy/Dockerfile", "\nRUN cd /tmp\n"),
}
CONTRACTS = {
    "clients uses only the engine's front": ("clients/crud/listing.py", "import stages.catalog"),
    "stages knows nothing of clients": ("stages/web.py", "import clients.models"),
    "what every profile loads does not import REST framework": ("clients/forms.py", "import rest_framework"),
}


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The files that git knows, in a repository of their own."""
    known = run("git", "ls-files", "--cached", "--others", "--exclude-standard").stdout.splitlines()
    for name in known:
        if (ROOT / name).is_file():
            target = tmp_path / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, target)
    run("git", "init", "--quiet", cwd=tmp_path)
    return tmp_path


def sow(place: Path, name: str, text: str) -> None:
    (place / name).parent.mkdir(parents=True, exist_ok=True)
    with (place / name).open("a", encoding="utf-8") as file:
        file.write(text)


def tool(*command: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """With the tools of this very environment on PATH, as `make lint` has them."""
    here = Path(python("-c", "import sys; print(sys.executable)").stdout.strip()).parent
    return run(*command, cwd=cwd, timeout=300, PATH=f"{here}{os.pathsep}{os.environ['PATH']}")


def test_every_check_of_the_lint_script_fails_on_its_own_mistake(copy):
    titles = re.findall(r'^\s*check "([^"]+)"', (ROOT / "scripts" / "lint.sh").read_text(), re.MULTILINE)
    assert list(SOWN) == titles
    for name, text in SOWN.values():
        sow(copy, name, text)
    done = tool("sh", "scripts/lint.sh", cwd=copy)

    assert done.returncode == 1
    failed = done.stderr.partition("\nFailed:")[2].strip().splitlines()
    assert [title.strip() for title in failed] == titles


@pytest.mark.parametrize("contract", CONTRACTS)
def test_every_contract_between_the_packages_breaks_by_one_import(copy, contract):
    name, line = CONTRACTS[contract]
    sow(copy, name, f"\n{line}\n")
    done = tool("lint-imports", "--no-cache", "--no-logo", cwd=copy)

    assert done.returncode == 1
    broken = [line for line in done.stdout.splitlines() if " BROKEN" in line]
    assert any(line.startswith(contract) for line in broken), done.stdout


def test_every_contract_is_listed_here():
    written = re.findall(
        r'^name = "(.+)"$', (ROOT / "pyproject.toml").read_text(encoding="utf-8"), re.MULTILINE
    )
    contracts = [name for name in written if " " in name]

    assert len(contracts) == len(CONTRACTS)
    assert all(any(name.startswith(start) for start in CONTRACTS) for name in contracts)


def test_a_signature_without_types_is_an_error(copy):
    sow(copy, "clients/wrong.py", "def untyped(value):\n    return value\n")
    done = tool("mypy", cwd=copy)

    assert done.returncode == 1
    assert "clients/wrong.py:1" in done.stdout
