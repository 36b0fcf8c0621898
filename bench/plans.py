"""How PostgreSQL answered what a function asked."""

import re
from collections.abc import Callable

from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

WIDTH = 100
# Of a plan: what says nothing of the query itself.
NOISE = re.compile(r"\s*(Planning|Workers|Worker \d|Heap Fetches|Buckets)")
EXPLAINED = ("SELECT", "UPDATE", "INSERT", "DELETE")
# As many plans as a page shows of one side.
SHOWN = 4


def undone(ask: Callable[[], object]) -> object:
    with transaction.atomic():
        answer = ask()
        transaction.set_rollback(True)
    return answer


def plans_of(ask: Callable[[], object]) -> list[str]:
    """How PostgreSQL answered each query. To explain one that writes is to run it: that is rolled back too."""
    with CaptureQueriesContext(connection) as asked:
        undone(ask)
    queries = [query["sql"] for query in asked if query["sql"].lstrip().startswith(EXPLAINED)]
    with transaction.atomic():
        plans = [plan_of(sql) for sql in queries[:SHOWN]]
        transaction.set_rollback(True)
    return plans + [""] * (len(queries) - len(plans))


def plan_of(sql: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF) {sql}")
        return "\n".join(short(row[0]) for row in cursor.fetchall() if not NOISE.match(row[0]))


def shortened(plans: list[str]) -> list[str]:
    """The first plans, and how many more there were."""
    if not plans:
        return ["no query at all"]
    more = len(plans) - SHOWN
    return [*plans[:SHOWN], f"… and {more:,} more queries"] if more > 0 else plans


def short(line: str) -> str:
    """A plan's line with a third of its indentation, so that a deep plan has room on a narrow screen."""
    words = line.lstrip()
    line = " " * ((len(line) - len(words)) // 3) + words
    return line if len(line) <= WIDTH else f"{line[: WIDTH - 1]}…"
