"""A real browser on a real server, for every test in this folder."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from django.conf import settings as django_settings

from tests.browser.chromium import Chromium, Remote
from tests.browser.server import Server
from tests.browser.watch import Watch

HERE = Path(__file__).parent
# Milliseconds that an assertion waits for a busy machine.
PATIENCE = 10_000
# WhiteNoise hands daphne its files as plain iterators; they are small, and in production a WSGI server has them.
STATIC_FILES = "ignore:StreamingHttpResponse must consume synchronous iterators"
# A browser that leaves a page hangs up on what it still loads, and daphne leaves that file to the garbage collector.
LEFT_BEHIND = "ignore:unclosed file <_io.FileIO name='[^']*/static/:ResourceWarning"
WIDE = {"width": 1280, "height": 900}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The server's threads see only what is committed."""
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.django_db(transaction=True))
            item.add_marker(pytest.mark.filterwarnings(STATIC_FILES, LEFT_BEHIND))


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    # Not at the top: this file is read before Django has started.
    from mini_crm.asgi import application

    with Server(application) as running:
        yield running


@pytest.fixture(scope="session")
def chromium() -> Iterator[Chromium]:
    with Chromium() as running:
        yield running


@pytest.fixture
def expect(chromium: Chromium) -> Callable[[Remote], Remote]:
    return chromium.expect


@pytest.fixture
def browsers(server: Server, chromium: Chromium, transactional_db: None) -> Iterator["Browsers"]:
    """Opens browsers, and looks at the end whether a page of theirs did what no page may do."""
    opened = Browsers(server, chromium)
    yield opened
    opened.close()
    assert opened.troubles() == []


class Browsers:
    """`open(user)` gives a page in a browser of its own, in which this user is signed in."""

    def __init__(self, server: Server, chromium: Chromium) -> None:
        self.server = server
        self._chromium = chromium
        self._contexts = ExitStack()
        self._watches: list[Watch] = []
        self._expected: list[str] = []

    def open(self, user=None, **options) -> Remote:
        """A new page; `options` are Playwright's for a context: `viewport`, `color_scheme`, `java_script_enabled` …"""
        context = self._chromium.new_context(
            base_url=self.server.url, reduced_motion="reduce", **{"viewport": WIDE, **options}
        )
        self._contexts.callback(context.close)
        watch = Watch(self.server.url)
        self._chromium.run(watch.over, context._target)
        self._watches.append(watch)
        context.set_default_timeout(PATIENCE)
        if user is not None:
            context.add_cookies([session_cookie(user, self.server.url)])
        return context.new_page()

    def troubles_expected(self, pattern: str) -> None:
        """Troubles that match this regular expression are meant in this test."""
        for watch in self._watches:
            watch.expect(pattern)

    def troubles(self) -> list[str]:
        return [trouble for watch in self._watches for trouble in watch.unexpected()]

    def close(self) -> None:
        self._contexts.close()


def session_cookie(user, url: str) -> dict[str, str]:
    """Signed in at once: the login page has a test of its own."""
    from tests.fixtures import browser_of

    name = django_settings.SESSION_COOKIE_NAME
    return {"name": name, "value": browser_of(user).cookies[name].value, "url": url}
