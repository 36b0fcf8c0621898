"""`python -m bench.labs [NUMBER…]`: on the milestones' pages the naive and the shipped query, their plans, their curve.

PostgreSQL runs both on the lab's large database; its plans say how many rows each step took. The curve has the times
of both on databases from 1,000 to 1,000,000 clients.
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


def curves() -> dict[str, list[str]]:
    """By page the lines of a table: clients, and the time of the naive and of the shipped query."""
    lines: dict[str, list[str]] = {}
    for name in databases.CURVE:
        databases.prepare(name)
        clients = databases.DATABASES[name][1]
        for page, both in databases.program(name, "bench.lab_curve").items():
            naive, shipped = (f"{seconds * 1000:,.2f} ms" for seconds in both)
            lines.setdefault(page, []).append(f"| {clients:,} | {naive} | {shipped} |")
    return lines


def part(lab: "Lab", curve: list[str]) -> str:
    """The section of the page. Raises AssertionError when the two do not answer the same."""
    naive, shipped = lab.answers()
    assert naive == shipped, f"{lab.page}: the two answers differ"
    table = ["**The curve**", "", f"| clients | {SLOW} | {FAST} |", "|--:|--:|--:|", *curve, ""]
    both = [*side(SLOW, lab.naive), *side(FAST, lab.shipped)]
    return "\n".join([HEADING, lab.says, "", *both, *table, machine(), "", ""])


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


def write(lab: "Lab", curve: list[str]) -> None:
    page = databases.ROOT / "docs" / "milestones" / f"{lab.page}.md"
    text = re.sub(f"{HEADING}.*?(?={NEXT})", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    above, found, below = text.partition(NEXT)
    assert found, f"{page.name} has no part {NEXT}"
    page.write_text(f"{above}{part(lab, curve)}{found}{below}", encoding="utf-8")


def main() -> None:
    found = curves()
    os.environ.update(databases.environment("large"))
    django.setup()
    from bench.lab_queries import LABS

    for lab in LABS:
        if sys.argv[1:] and lab.page[:2] not in sys.argv[1:]:
            continue
        write(lab, found[lab.page])
        print(f"Written: docs/milestones/{lab.page}.md")


if __name__ == "__main__":
    main()
