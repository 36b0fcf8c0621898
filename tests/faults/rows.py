"""One row of the fault table: what was done, and what came of it."""

import json
import re
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path

from tests.faults.load import Load, load
from tests.faults.office import LONG, Office
from tests.services.support import ROOT, wait_until

RESULTS = ROOT / ".results" / "faults.json"
# How long it may take until all is well: Redis gives a task back after two minutes, and the sweep comes by each minute.
PATIENCE = 400 if LONG else 40
LOUD = re.compile(r"\b(WARNING|ERROR|CRITICAL)\b[/:\w-]*\]? ?(?P<said>.*)")
# What differs from one time to the next.
NUMBERS = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|\d+(\.\d+)*")
KEPT = 3


@dataclass
class Row:
    """`well`: seconds from the end of the fault until everything answered and everything owed was delivered.

    `hands`: how often somebody had to help; 1 until it has become well by itself. `not_run`: why it was not tried.
    """

    group: str
    done: str
    acknowledged: int = 0
    lost: int = 0
    untold: int = 0
    doubled: int = 0
    seen: str = ""
    well: float = 0.0
    hands: int = 1
    restarts: int = 0
    not_run: str = ""
    log: list[str] = field(default_factory=list)


class Book:
    """The rows of this run, in their order. Each is written down at once, so that none is lost with the run."""

    def __init__(self) -> None:
        self.rows: list[Row] = []

    def add(self, row: Row) -> None:
        self.rows.append(row)
        self.write()

    def write(self) -> None:
        RESULTS.parent.mkdir(exist_ok=True)
        RESULTS.write_text(json.dumps({"long": LONG, "rows": [asdict(row) for row in self.rows]}, indent=1))


@dataclass
class Fault:
    """What the test of a fault has in hand."""

    office: Office
    load: Load
    row: Row
    ended: float = 0.0

    def over(self) -> None:
        """The fault has ended: from here on nobody lends a hand."""
        self.ended = time.monotonic()

    def is_well(self) -> bool:
        return self.office.is_well() and not self.load.undelivered()


@contextmanager
def fault(office: Office, book: Book, group: str, done: str) -> Iterator[Fault]:
    """The block does the harm, under load, and ends it. Then it must become well by itself."""
    row, sizes, restarts = Row(group, done), office.log_sizes(), office.restarts
    book.add(row)
    with load(office, f"Row {len(book.rows)}") as people:
        time.sleep(1)
        found = Fault(office, people, row)
        yield found
        if not found.ended:
            found.over()
        wait_until(office.is_well, seconds=PATIENCE, what=f"well again after: {done}")
        time.sleep(1)
    wait_until(found.is_well, seconds=PATIENCE, what=f"everything delivered after: {done}")
    row.well, row.hands = round(time.monotonic() - found.ended - 1, 1), 0
    row.acknowledged, row.restarts = len(people.acknowledged), office.restarts - restarts
    row.seen, row.log = people.by_second(), said(office, sizes)
    lost, untold, doubled = people.lost(), people.untold(), people.doubled()
    row.lost, row.untold, row.doubled = len(lost), len(untold), len(doubled)
    book.write()
    assert row.acknowledged, "nobody's write was acknowledged: this says nothing"
    assert (lost, untold, doubled) == ([], [], [])


def said(office: Office, sizes: dict[Path, int]) -> list[str]:
    """The loud lines that the programs' logs gained, those that were said most often."""
    counted: Counter[str] = Counter()
    for path in office.log_sizes():
        with path.open("rb") as file:
            file.seek(sizes.get(path, 0))
            text = file.read().decode(errors="replace")
        program = path.name.partition("-")[0]
        for found in LOUD.finditer(text):
            counted[f"{program}: {NUMBERS.sub('…', found['said'])[:90].strip()}"] += 1
    return [f"{line} ×{times}" if times > 1 else line for line, times in counted.most_common(KEPT)]
