"""A real browser where there is one (Playwright and a Chromium): what a page shows by itself, not asked again."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from typing import TYPE_CHECKING

from grading.served import Served

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, WebSocket

NAMES = ("chromium", "chromium-browser", "google-chrome")
# It runs where nothing but loopback is reached, mostly as root: its own sandbox has no room there.
ARGUMENTS = ["--no-sandbox", "--disable-dev-shm-usage"]
SETTLED, LOOKING = 1500, 250  # milliseconds


def program() -> str | None:
    """The browser's path; None where there is none that can be driven."""
    if not find_spec("playwright"):
        return None
    return next((path for name in NAMES if (path := shutil.which(name))), None)


@contextmanager
def browser(path: str) -> Iterator["Browser"]:
    from playwright.sync_api import sync_playwright  # noqa: PLC0415  # only the tools' requirements have it

    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        try:
            yield running
        finally:
            running.close()


class OpenPage:
    """A page that somebody who is signed in has open: whether it has heard of something since."""

    def __init__(self, running: "Browser", served: Served, who: str, path: str) -> None:
        context = running.new_context()
        cookies = served.visitor(who).browser.cookies
        context.add_cookies(
            [{"name": name, "value": value, "url": served.url} for name, value in cookies.items()]
        )
        self.page: Page = context.new_page()
        self.sockets = self.frames = 0
        self.page.on("websocket", self._opened)
        self.page.goto(served.url + path)
        self.page.wait_for_timeout(SETTLED)
        self.before, self.frames = self.text, 0

    def _opened(self, socket: "WebSocket") -> None:
        self.sockets += 1
        socket.on("framereceived", self._received)

    def _received(self, payload: object) -> None:
        self.frames += 1

    @property
    def text(self) -> str:
        return self.page.inner_text("body")

    def has_heard(self, seconds: float) -> bool:
        """Whether something new is shown or was received."""
        for _ in range(round(seconds * 1000 / LOOKING)):
            if self.frames or self.text != self.before:
                return True
            self.page.wait_for_timeout(LOOKING)
        return False
