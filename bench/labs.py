"""`python -m bench.labs [NUMBER…]`: the naive and the shipped query and their plans, on the milestones' pages.

PostgreSQL runs both on the lab's large database; its plans say how many rows each step took.
"""

import inspect
import os
import re
import sys
import textwrap
from collections.abc import Callable
from typing import TYPE_CHECKING

import django

from bench import databases
from bench.machine import machine
from bench.plans import plans_of, shortened

if TYPE_CHECKING:
    from bench.lab_queries import Lab

HEADING = "## Lab: at a million clients\n"
# Where the part stands: before this one.
NEXT = "## How the check knows\n"
FAST, SLOW = "as it ships", "as most of us write it first"


def part(lab: "Lab") -> str:
    """The section of the page. Raises AssertionError when the two do not answer the same."""
    naive, shipped = lab.answers()
    assert naive == shipped, f"{lab.page}: the two answers differ"
    return "\n".join(
        [HEADING, lab.says, "", *side(SLOW, lab.naive), *side(FAST, lab.shipped), machine(), "", ""]
    )


def side(title: str, ask: Callable[[], object]) -> list[str]:
    body = inspect.getsource(ask).partition("\n")[2]
    code = textwrap.dedent(body).replace("return ", "").strip()
    plans = "\n\n".join(shortened(plans_of(ask)))
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
        if sys.argv[1:] and lab.page[:2] not in sys.argv[1:]:
            continue
        write(lab)
        print(f"Written: docs/milestones/{lab.page}.md")


if __name__ == "__main__":
    main()
