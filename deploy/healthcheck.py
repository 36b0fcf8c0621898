"""What the containers ask themselves: `healthcheck.py http PORT` or `healthcheck.py alive SECONDS`.

Without Django, because it runs every few seconds. Ends with 0 when all is well, else with the reason.
"""

import http.client
import os
import sys
import time
from pathlib import Path
from tempfile import gettempdir

# Touched by mini_crm/heartbeat.py.
HEARTBEAT = Path(gettempdir(), "mini-crm-heartbeat")


def host() -> str:
    """A name that Django answers to."""
    first = os.environ.get("ALLOWED_HOSTS", "").split(",")[0].strip().lstrip(".")
    return first if first not in {"", "*"} else "localhost"


def http_trouble(port: int) -> str:
    """Why this container's server is not ready, its database included; empty when it is."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=4)
    try:
        connection.request("GET", "/health/ready/", headers={"Host": host()})
        answer = connection.getresponse()
        text = answer.read().decode(errors="replace")
    except OSError as error:
        return f"no answer on port {port}: {error}"
    return "" if answer.status == 200 else f"{answer.status}: {text}"


def heartbeat_trouble(seconds: float, file: Path = HEARTBEAT) -> str:
    """Why the Celery program is not well; empty when its last sign of life is young enough."""
    try:
        age = time.time() - file.stat().st_mtime
    except FileNotFoundError:
        return "no sign of life yet"
    return "" if age <= seconds else f"the last sign of life is {age:.0f} s old"


if __name__ == "__main__":
    kind, number = sys.argv[1:]
    sys.exit({"http": http_trouble, "alive": heartbeat_trouble}[kind](int(number)) or 0)
