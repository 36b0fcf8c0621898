"""What a first visit of /clients/ costs a browser: python -m tests.browser.figures [--write]

Prints the table, or writes it into docs/performance.md between its markers. Static files are served as in production,
with hashed names and compressed; the page itself is compressed by the proxy there, so here its gzipped size is counted.
"""

import gzip
import sys
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from tests.browser.chromium import PAINT, Chromium
from tests.browser.office import office

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "performance.md"
BEGIN, END = "<!-- browser: begin -->", "<!-- browser: end -->"
INTRO = "# Performance\n\nEvery table here is made by a command, never by hand.\n"
VISITS = 7
ORDERS = 10
SHIFTS = """
() => new Promise((resolve) => {
  let sum = 0;
  new PerformanceObserver((list) => list.getEntries().forEach((entry) => { sum += entry.value; }))
    .observe({ type: "layout-shift", buffered: true });
  setTimeout(() => resolve(sum), 500);
})
"""
# The proxy's own level.
GZIP_LEVEL = 6


@dataclass(frozen=True)
class Visit:
    """Milliseconds until something is painted; requests and bytes, avatars apart; the layout's shift while loading."""

    paint: float
    requests: int
    size: int
    avatars: int
    shift: float


def visit(camera) -> Visit:
    """The first one of a new browser, nothing in its cache."""
    page = camera.page("manager")
    came = []
    page.on("requestfinished", lambda request: came.append(request))  # noqa: PLW0108  # playwright marks the function
    page.goto("/clients/", wait_until="networkidle")
    found = Visit(page.evaluate(PAINT), *camera.chromium.run(measured, came), page.evaluate(SHIFTS))
    page.context.close()
    return found


def measured(requests) -> tuple[int, int, int]:
    """The number of requests, their bytes, and the bytes of the avatars, which are left out of both."""
    sizes = {request: transferred(request) for request in requests}
    avatars = {request: size for request, size in sizes.items() if "/media/avatars/" in request.url}
    return len(sizes) - len(avatars), sum(sizes.values()) - sum(avatars.values()), sum(avatars.values())


def transferred(request) -> int:
    sizes = request.sizes()
    if request.is_navigation_request():
        return sizes["responseHeadersSize"] + len(gzip.compress(request.response().body(), GZIP_LEVEL))
    return sizes["responseHeadersSize"] + sizes["responseBodySize"]


def shift_of_live_orders(camera) -> float:
    """What ten orders that come in move on the open page."""
    from clients.models import Client
    from tests.browser.scenes import place_order
    from tests.browser.steps import wait_for_socket

    page = camera.page("manager")
    page.goto("/clients/")
    wait_for_socket(page)
    before = page.evaluate(SHIFTS)
    for client in Client.objects.newest_first()[:ORDERS]:
        place_order(client)
        page.locator(f'tr[data-client-id="{client.pk}"]').locator(
            ".live-notice, [data-orders-count]"
        ).wait_for()
    page.locator(".live-notice").first.wait_for()
    shift = page.evaluate(SHIFTS) - before
    page.context.close()
    return shift


def table(visits: list[Visit], live_shift: float, version: str) -> str:
    one = visits[0]
    rows = [
        ("First contentful paint", f"{median(visit.paint for visit in visits):.0f} ms", ""),
        ("Requests, without avatars", str(one.requests), "under 15"),
        ("Bytes, compressed, without avatars", f"{one.size / 1000:.1f} kB", "under 100 kB"),
        ("Bytes of the avatars on it", f"{one.avatars / 1000:.1f} kB", ""),
        ("Layout shift while it loads", f"{max(visit.shift for visit in visits):.4f}", ""),
        (f"Layout shift while {ORDERS} orders come in live", f"{live_shift:g}", "0"),
    ]
    lines = "\n".join(f"| {name} | {value} | {promise} |" for name, value, promise in rows)
    major = version.partition(".")[0]
    return (
        f"The first visit of `/clients/`, 300 clients, by Chromium {major} with nothing in its cache, server\n"
        f"and browser on one machine (`python -m tests.browser.figures --write`; times are the median of {VISITS}).\n\n"
        f"| | measured | promised |\n|---|--:|--:|\n{lines}\n"
    )


def write(text: str) -> None:
    """Between the markers; at the end, with markers, where there are none yet."""
    document = DOCUMENT.read_text(encoding="utf-8") if DOCUMENT.exists() else INTRO
    if BEGIN not in document:
        document = f"{document.rstrip()}\n\n## In the browser\n\n{BEGIN}\n{END}\n"
    before, _, rest = document.partition(BEGIN)
    after = rest.partition(END)[2]
    DOCUMENT.write_text(f"{before}{BEGIN}\n{text}{END}{after}", encoding="utf-8")


def main(arguments: list[str]) -> None:
    with office(clients=300, as_in_production=True) as server, Chromium() as chromium:
        from tests.browser.camera import Camera

        camera = Camera(chromium, server.url)
        visit(camera)  # the server's own first time: templates, imports
        visits = [visit(camera) for _ in range(VISITS)]
        version = chromium.run(lambda: chromium.browser.version)
        text = table(visits, shift_of_live_orders(camera), version)
    write(text) if "--write" in arguments else print(text)


if __name__ == "__main__":
    main(sys.argv[1:])
