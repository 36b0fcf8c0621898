"""When a browser on a slow processor first shows something of the list, beside the admin's: both by turns."""

from bench.measured import Measured, by_rounds, milliseconds
from bench.peers_beside import ADMIN
from bench.server import HOST, Server, gunicorn, session_cookie
from tests.browser.chromium import PAINT, Chromium

SLOWED, VISITS = 4, 7


def paint() -> list[Measured]:
    name, _, value = session_cookie("large").partition("=")
    with gunicorn("large") as server, Chromium() as chromium:
        cookie = {"name": name, "value": value, "url": f"http://{HOST}:{server.port}"}
        turns = [
            [painted(chromium, server, path, cookie) for path in ("/clients/", ADMIN)] for _ in range(VISITS)
        ]
    what = f"first contentful paint of `/clients/` against the admin's list, processor slowed {SLOWED} ×"
    return [by_rounds(what, *zip(*turns, strict=True), milliseconds, "≤ 1", "≤ 0.7")]


def painted(chromium: Chromium, server: Server, path: str, cookie: dict[str, str]) -> float:
    """Seconds, on the first visit of a browser with nothing in its cache."""
    context = chromium.new_context()
    context.add_cookies([cookie])
    page = context.new_page()
    context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWED})
    page.goto(f"http://{HOST}:{server.port}{path}", wait_until="load")
    seconds = page.evaluate(PAINT) / 1000
    context.close()
    return seconds
