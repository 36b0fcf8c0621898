"""People who work on while a fault happens. Each write has a title of its own, so that every one can be found again."""

import itertools
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import httpx

from tests.faults.office import Office

WRITERS, PAUSE = 2, 0.15
NO_ANSWER = "none"


@dataclass
class Load:
    """What was answered. A write counts as acknowledged once its redirect has arrived."""

    office: Office
    prefix: str
    acknowledged: set[str] = field(default_factory=set)
    seen: defaultdict[int, set[str]] = field(default_factory=lambda: defaultdict(set))
    _begun: float = field(default_factory=time.monotonic)

    def note(self, answer: httpx.Response | None) -> None:
        second = int(time.monotonic() - self._begun)
        self.seen[second].add(str(answer.status_code) if answer is not None else NO_ANSWER)

    def ask(self, browser: httpx.Client, method: str, path: str, **options) -> httpx.Response | None:
        """None where no whole answer came."""
        try:
            answer = browser.request(method, path, **options)
        except httpx.HTTPError:
            answer = None
        self.note(answer)
        return answer

    def write(self, browser: httpx.Client, number: int, writer: int) -> None:
        title = f"{self.prefix} {writer}-{number}"
        client = self.office.clients[number % len(self.office.clients)]
        answer = self.ask(
            browser, "POST", f"/clients/{client}/", data={"title": title, "amount": "12.50", "status": "NEW"}
        )
        if answer is not None and answer.status_code == 302:
            self.acknowledged.add(title)

    def read(self, browser: httpx.Client, number: int) -> None:
        self.ask(browser, "GET", ("/clients/", "/api/clients/", "/clients/?q=Client")[number % 3])

    # --- Afterwards ---------------------------------------------------------------------------------------------------
    def stored(self) -> dict[str, tuple[int, int]]:
        """How often each title is in the database, and how many deliveries of it were noted, by title."""
        query = """
            SELECT o.title, count(DISTINCT o.id), count(d.id)
            FROM clients_order o LEFT JOIN clients_webhookdelivery d ON d.payload->>'id' = o.id::text
            WHERE o.title LIKE %s GROUP BY o.title
        """
        found = self.office.postgres.rows(query, f"{self.prefix} %")
        return {title: (orders, deliveries) for title, orders, deliveries in found}

    def lost(self) -> list[str]:
        """What was acknowledged and is not there."""
        return sorted(self.acknowledged - self.stored().keys())

    def untold(self) -> list[str]:
        """What is there and was acknowledged, and the subscriber is never told of it."""
        stored = self.stored()
        return sorted(title for title in self.acknowledged if stored.get(title, (0, 1))[1] == 0)

    def doubled(self) -> list[str]:
        return sorted(title for title, numbers in self.stored().items() if max(numbers) > 1)

    def undelivered(self) -> int:
        """What is owed and has still to arrive: webhooks, reports and the mails with them."""
        query = """
            SELECT (SELECT count(*) FROM clients_webhookdelivery WHERE status <> 'DELIVERED')
                 + (SELECT count(*) FROM clients_monthlyreport WHERE status <> 'READY')
                 + (SELECT count(*) FROM clients_reportdelivery WHERE status <> 'SENT')
        """
        return self.office.postgres.rows(query)[0][0]

    def by_second(self) -> str:
        """Status codes over time: `3 s 200 302, 4 s 503, 2 s 200 302`; the last second is not whole."""
        codes = [
            " ".join(sorted(self.seen.get(second, ()))) or "–" for second in range(max(self.seen, default=0))
        ]
        runs = [(code, len(list(run))) for code, run in itertools.groupby(codes)]
        return ", ".join(f"{seconds} s {code}" for code, seconds in runs)


@contextmanager
def load(office: Office, prefix: str) -> Iterator[Load]:
    """Two write and one reads, until the block ends."""
    found, end = Load(office, prefix), threading.Event()

    def work(name: str, do: Callable[[httpx.Client, int], None]) -> None:
        with office.browser(name) as browser:
            for number in itertools.count():
                do(browser, number)
                if end.wait(PAUSE):
                    return

    def writer(n: int) -> Callable[[httpx.Client, int], None]:
        return lambda browser, number: found.write(browser, number, n)

    jobs = [("learner", writer(n)) for n in range(WRITERS)] + [("manager", found.read)]
    threads = [threading.Thread(target=work, args=job, daemon=True) for job in jobs]
    for thread in threads:
        thread.start()
    try:
        yield found
    finally:
        end.set()
        for thread in threads:
            thread.join(40)
