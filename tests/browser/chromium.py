"""Headless Chromium, driven from a thread of its own.

Playwright's sync interface keeps an event loop running in the thread that uses it, and there Django refuses the ORM.
So everything of Playwright's is wrapped in a `Remote`: it is used as ever, but each call happens in the other thread.
"""

import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from playwright.sync_api import expect, sync_playwright

EXECUTABLE = "/usr/bin/chromium"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # The same picture on every run: no subpixel colours, and no difference by the screen's own profile.
    "--disable-lcd-text",
    "--force-color-profile=srgb",
    "--font-render-hinting=none",
    "--hide-scrollbars",
]

# Milliseconds until a page first showed something. Asked for by an observer, because a busy machine can be done with
# loading before the browser has noted its paint.
PAINT = """
() => new Promise((resolve) => {
  const named = (entry) => entry.name === "first-contentful-paint";
  new PerformanceObserver((list) => list.getEntries().filter(named).forEach((entry) => resolve(entry.startTime)))
    .observe({ type: "paint", buffered: true });
})"""


class Chromium:
    """The browser while the block runs. Raises FileNotFoundError where there is none: a check is never skipped."""

    def __enter__(self) -> "Chromium":
        path = EXECUTABLE if Path(EXECUTABLE).exists() else shutil.which("chromium")
        if path is None:
            raise FileNotFoundError(
                "There is no Chromium: sh scripts/debian_package.sh chromium chromium installs it."
            )
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="chromium")
        self._playwright = self.run(sync_playwright().start)
        self.browser = self.run(self._playwright.chromium.launch, executable_path=path, args=ARGUMENTS)
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.run(self.browser.close)
        self.run(self._playwright.stop)
        self._thread.shutdown()

    def run(self, function, *arguments, **named) -> Any:
        """Calls a function in Chromium's thread, with Playwright's own objects, and waits for what it returns."""
        return self._thread.submit(function, *arguments, **named).result()

    def new_context(self, **options) -> "Remote":
        return self.remote(self.run(self.browser.new_context, **options))

    def expect(self, found: "Remote") -> "Remote":
        """Playwright's `expect`: assertions that wait a little until they hold."""
        return self.remote(self.run(expect, own(found)))

    def remote(self, value: Any) -> Any:
        """Objects of Playwright's wrapped, also inside a list; everything else as it is."""
        if isinstance(value, list):
            return [self.remote(item) for item in value]
        if type(value).__module__.startswith("playwright."):
            return Remote(value, self)
        return value


class Remote:
    """One of Playwright's objects, used from another thread."""

    def __init__(self, target: Any, chromium: Chromium) -> None:
        self._target = target
        self._chromium = chromium

    def __getattr__(self, name: str) -> Any:
        value = self._chromium.run(getattr, self._target, name)
        if not callable(value):
            return self._chromium.remote(value)

        def call(*arguments, **named) -> Any:
            return self._chromium.remote(self._chromium.run(value, *own(arguments), **own(named)))

        return call

    def __enter__(self) -> "Remote":
        return self._chromium.remote(self._chromium.run(self._target.__enter__))

    def __exit__(self, *exc_info: object) -> None:
        self._chromium.run(self._target.__exit__, *exc_info)

    def __repr__(self) -> str:
        return repr(self._target)


def own(value: Any) -> Any:
    """Playwright's own object behind a Remote, also inside a tuple or a dictionary."""
    if isinstance(value, Remote):
        return value._target
    if isinstance(value, tuple):
        return tuple(own(item) for item in value)
    if isinstance(value, dict):
        return {key: own(item) for key, item in value.items()}
    return value
