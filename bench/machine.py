"""What the lab measures on, for the line below each table."""

import os
import platform
import subprocess
from datetime import UTC, datetime

import django


def machine() -> str:
    """Day, hardware, versions, and how busy it is."""
    psql = subprocess.run(["psql", "--version"], check=True, capture_output=True, text=True).stdout.split()
    return (
        f"{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores, {platform.system()} {platform.machine()}, "
        f"Python {platform.python_version()}, Django {django.__version__}, PostgreSQL {psql[2]}; "
        f"load {os.getloadavg()[0]:.1f} at the end."
    )
