"""`python -m bench profile /clients/`: where a page's time goes, on the lab's large database.

A table by part of the work, and .results/profile.html with every call, to be opened in a browser. It is a sampler,
which slows small functions no more than large ones.
"""

import argparse
import os
from collections import Counter

import django
from pyinstrument import Profiler
from pyinstrument.frame import Frame
from pyinstrument.renderers import HTMLRenderer

from bench import databases
from bench.pages import browser

FILE = databases.ROOT / ".results" / "profile.html"
# A frame belongs to the first part with a word of its file's path: a query for the flags counts as SQL.
PARTS = (
    ("SQL: waiting for PostgreSQL", ("psycopg",)),
    ("SQL: building and reading", ("django/db/",)),
    ("flags", ("stages/flags", "stages/features", "stages/models", "waffle/")),
    ("session and user", ("contrib/sessions", "contrib/auth")),
    ("templates", ("django/template", "templatetags")),
    ("REST framework", ("rest_framework", "django_filters")),
    ("views", ("clients/",)),
    ("middleware and the rest", ("",)),
)


def part_of(frame: Frame) -> str:
    path = frame.file_path or ""
    return next((name for name, words in PARTS if any(word in path for word in words)))


def shares(frame: Frame, part: str = PARTS[-1][0]) -> Counter[str]:
    """Seconds of each part below the frame. What belongs to no part counts for the one that called it."""
    own = part_of(frame)
    part = part if own == PARTS[-1][0] else own
    found: Counter[str] = Counter({part: frame.time - sum(child.time for child in frame.children)})
    for child in frame.children:
        found.update(shares(child, part))
    return found


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m bench profile", description=__doc__)
    parser.add_argument("page", help="such as /clients/")
    parser.add_argument("--views", type=int, default=100, help="how often it is asked for")
    asked = parser.parse_args(arguments)
    if asked.views < 1:
        parser.error("--views takes a number from 1 up.")
    databases.prepare("large")
    os.environ.update(databases.environment("large"))
    django.setup()
    visitor = browser()
    if (status := visitor.get(asked.page).status_code) != 200:
        parser.error(f"{asked.page} answers {status}.")
    profiler = Profiler()
    with profiler:
        for _ in range(asked.views):
            visitor.get(asked.page)
    print(table(profiler, asked.views))
    FILE.parent.mkdir(exist_ok=True)
    FILE.write_text(profiler.output(HTMLRenderer()), encoding="utf-8")
    print(f"Written: {FILE}")


def table(profiler: Profiler, views: int) -> str:
    session = profiler.last_session
    root = session.root_frame() if session else None
    assert root, "nothing was sampled"
    lines = ["| part | ms a page | share |", "|---|---:|---:|"]
    for part, seconds in shares(root).most_common():
        lines.append(f"| {part} | {seconds / views * 1000:.2f} | {seconds / root.time:.0%} |")
    return "\n".join(lines)
