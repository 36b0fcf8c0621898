"""Runs a command of the project in a process of its own, as a person would in a fresh terminal."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def run(
    *command: str, cwd: Path = ROOT, timeout: float = 120, **environment: str
) -> subprocess.CompletedProcess[str]:
    """The finished process with its output as text. Nothing of this test run's own set-up is handed down."""
    inherited = {
        name: value
        for name, value in os.environ.items()
        if name != "DJANGO_SETTINGS_MODULE" and not name.startswith(("PYTEST", "COV_"))
    }
    return subprocess.run(
        command,
        cwd=cwd,
        env={**inherited, **environment},
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )


def python(*arguments: str, **options) -> subprocess.CompletedProcess[str]:
    """`run` with this very interpreter."""
    return run(sys.executable, *arguments, **options)
