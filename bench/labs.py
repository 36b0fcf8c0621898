"""`python -m bench.labs`: the naive query, the shipped one and the plan of each, written into the milestones' pages.

PostgreSQL runs both on the lab's large database; its plans say how many rows each step took.
"""

import inspect
import os
import re
import textwrap
from collections.abc import Callable
from typing import TYPE_CHECKING

import django
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bench import databases
from bench.__main__ import machine

if TYPE_CHECKING:
    from bench.lab_queries import Lab

HEADING = "## Lab: at a million clients\n"
# Where the part stands: before this one.
NEXT = "## How the check knows\n"
WIDTH = 100
# Of a plan: what says nothing of the query itself.
NOISE = re.compile(r"\s*(Planning|Workers|Worker \d|Heap Fetches|Buckets)")
FAST, SLOW = "as it ships", "as most of us write it first"


def part(lab: "Lab") -> str:
    """The section of the page. Raises AssertionError when the two do not answer the same."""
    assert lab.naive() == lab.shipped(), f"{lab.page}: the two answers differ"
    return "\n".join(
        [HEADING, lab.says, "", *side(SLOW, lab.naive), *side(FAST, lab.shipped), machine(), "", ""]
    )


def side(title: str, ask: Callable[[], object]) -> list[str]:
    body = inspect.getsource(ask).partition("\n")[2]
    code = textwrap.dedent(body).replace("return ", "").strip()
    plans = "\n\n".join(plans_of(ask))
    return [
        f"**{title[0].upper()}{title[1:]}**",
        "",
        "```python",
        code,
        "```",
        "",
        "```text",
        plans,
        "```",
        "",
    ]


def plans_of(ask: Callable[[], object]) -> list[str]:
    """How PostgreSQL answered each query."""
    with CaptureQueriesContext(connection) as asked:
        ask()
    found = []
    for query in asked:
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF) {query['sql']}")
            found.append("\n".join(short(row[0]) for row in cursor.fetchall() if not NOISE.match(row[0])))
    return found


def short(line: str) -> str:
    """A plan's line with a third of its indentation, so that a deep plan has room on a narrow screen."""
    words = line.lstrip()
    line = " " * ((len(line) - len(words)) // 3) + words
    return line if len(line) <= WIDTH else f"{line[: WIDTH - 1]}…"


def write(lab: "Lab") -> None:
    page = databases.ROOT / "docs" / "milestones" / f"{lab.page}.md"
    text = re.sub(f"{HEADING}.*?(?={NEXT})", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    above, found, below = text.partition(NEXT)
    assert found, f"{page.name} has no part {NEXT}"
    page.write_text(f"{above}{part(lab)}{found}{below}", encoding="utf-8")


def main() -> None:
    databases.prepare("large")
    os.environ.update(databases.environment("large"))
    django.setup()
    from bench.lab_queries import LABS

    for lab in LABS:
        write(lab)
        print(f"Written: docs/milestones/{lab.page}.md")


if __name__ == "__main__":
    main()
