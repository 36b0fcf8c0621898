"""What `make bench` measures, each by a name: rows whose promises are ratios of two figures of the same run."""

from collections.abc import Callable

from bench.demo import VIEWS, appetite
from bench.files_beside import export, load, report, sqlite_export
from bench.measured import Measured, milliseconds
from bench.pages_beside import lists, naive_lists, other_pages
from bench.painting import paint
from bench.peers_beside import peers
from bench.served_beside import cached, flags, live, merge
from bench.starting import start


def demo() -> list[Measured]:
    """The demo with the debug toolbar against the one without."""
    found = appetite()
    with_it, without = found.pages[found.slowest]
    grown = found.grown[0]
    page = (
        f"page of the demo that the debug toolbar slows most, `{found.slowest}`, against the same without it"
    )
    memory = f"memory the demo grows by in {VIEWS} views of each of {len(found.pages)} pages, of 60 MB"
    return [
        Measured(page, milliseconds(with_it), milliseconds(without), with_it / without, "≤ 3"),
        Measured(memory, f"{grown:.1f} MB", "60 MB", grown / 60, "≤ 1"),
    ]


# These bring a database of their own.
WITHOUT_DATABASES = {"demo"}
MEASURES: dict[str, Callable[[], list[Measured]]] = {
    "lists": lists,
    "pages": other_pages,
    "naive": naive_lists,
    "export": export,
    "sqlite": sqlite_export,
    "report": report,
    "load": load,
    "peers": peers,
    "cache": cached,
    "flags": flags,
    "merge": merge,
    "live": live,
    "paint": paint,
    "start": start,
    "demo": demo,
}
