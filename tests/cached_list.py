"""The cached list as the checks of milestone 16 ask for it."""

from django.test import Client as Browser

from tests.fixtures import page
from tests.sentences import answer

LIST = "/clients/"


def names(browser: Browser, url: str = LIST) -> list[str]:
    cells = page(browser.get(url)).select("table#client-list tbody td.name-cell [data-row-link]")
    return [cell.get_text(strip=True) for cell in cells]


def was_built(browser: Browser, url: str = LIST) -> bool:
    """Whether this request rendered the page; for one from the cache no template is rendered."""
    response = browser.get(url)
    assert response.status_code == 200, f"{answer(response)}; the list (200) was expected."
    return bool(response.templates)


def assert_kept(browser: Browser, url: str = LIST) -> None:
    """The page was asked for before, and nothing has happened since."""
    assert not was_built(browser, url), (
        f"GET {url} was built again, although nothing had changed; it was expected to come from the cache."
    )
