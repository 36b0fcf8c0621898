"""What no page may do, looked out for on every page that a browser opens."""

import re
from urllib.parse import urlsplit

# Chromium says a violated policy in its console too, but this names what was blocked.
CSP_REPORTER = """
document.addEventListener("securitypolicyviolation", (event) =>
  console.error(`CSP violation: ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}`));
"""
LOADING = "Failed to load resource"


class Watch:
    """Collects the troubles of one browser context: errors in the console, uncaught ones, refused files, other hosts.

    A page that is asked for and answers 4xx is no trouble of its own (the test reads it); a file of a page is.
    """

    def __init__(self, home: str) -> None:
        self.home = urlsplit(home).netloc
        self.troubles: list[str] = []
        self.expected: list[str] = []

    def over(self, context) -> None:
        """To be called in Chromium's thread, with Playwright's own context."""
        context.add_init_script(CSP_REPORTER)
        context.on("console", self._console)
        context.on("weberror", lambda error: self._trouble(f"uncaught: {error.error}"))
        context.on("request", self._request)
        context.on("response", self._response)

    def expect(self, pattern: str) -> None:
        """Troubles that match are meant in this test."""
        self.expected.append(pattern)

    def unexpected(self) -> list[str]:
        return [
            trouble
            for trouble in self.troubles
            if not any(re.search(pattern, trouble) for pattern in self.expected)
        ]

    def _console(self, message) -> None:
        # Files that could not be loaded are told by their responses, with status and address.
        if message.type == "error" and not message.text.startswith(LOADING):
            self._trouble(f"console: {message.text}")

    def _request(self, request) -> None:
        address = urlsplit(request.url)
        if address.scheme not in {"data", "blob"} and address.netloc != self.home:
            self._trouble(f"outside request: {request.url}")

    def _response(self, response) -> None:
        if response.status >= 500 or (
            response.status >= 400 and not response.request.is_navigation_request()
        ):
            self._trouble(f"{response.status}: {response.url}")

    def _trouble(self, text: str) -> None:
        self.troubles.append(text)
