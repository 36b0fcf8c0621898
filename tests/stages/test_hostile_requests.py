"""Every address of the project, asked for odd things: refused or answered, never an error of the server.

The addresses come from the resolver, so a new page is asked as well. The same file runs on PostgreSQL, which takes no
NUL byte and no number that does not fit its column.
"""

import re
from collections.abc import Iterable, Iterator
from urllib.parse import quote, urlencode

import pytest
from django.apps import apps
from django.test import Client as Browser
from model_bakery import baker

from clients.models import Order
from tests.addresses import HOLE
from tests.addresses import addresses as every_address
from tests.fixtures import browser_of, page

# As they are written in an address: percent-encoded where a browser would do so too.
ODD = {
    "a word": "abc",
    "a fraction": "1.5",
    "Arabic digits": quote("٣"),
    "400 digits": "9" * 400,
    "5,000 digits": "9" * 5000,
    "NUL": "1%00",
    "half a character": "%ED%A0%80",
    "two dots": "..",
    "256 characters": "x" * 256,
}
PARAMETERS = """
    q page active keep merge month next after status client search ordering format version lang groups users percent
    milestone stage to title amount name email phone updated_at opened_with username
"""
OF_THE_ADMIN = [
    "q",
    "o",
    "p",
    "all",
    "_to_field",
    "_changelist_filters",
    "term",
    "app_label",
    "model_name",
    "field_name",
]
# Debugging and logging out; of the admin one model of each kind.
LEFT_OUT = re.compile(r"__debug__|logout|/admin/(axes|authtoken|waffle/s|auth/group|clients/webhookd)")


def addresses() -> Iterator[str]:
    return (route for route in every_address() if not LEFT_OUT.search(route))


def is_whole(route: str) -> bool:
    return not HOLE.search(route)


def is_of_the_admin(route: str) -> bool:
    return route.startswith("/admin/")


def names_of(route: str) -> list[str]:
    """What the admin's list or form at this address can be asked for: by each column of its model, and by relations."""
    found = re.fullmatch(r"/admin/(auth|clients|waffle)/(\w+)/(add/)?", route)
    fields = apps.get_model(*found.group(1, 2))._meta.get_fields() if found else []
    fields = [
        field for field in fields if field.name not in ("created", "modified")
    ]  # waffle's own form fails for them
    return [
        *OF_THE_ADMIN,
        *(f"{field.name}{end}" for field in fields for end in ("", "__exact", "__id__exact", "__in")),
    ]


@pytest.fixture
def browser(admin_user, settings, media_root) -> Browser:
    """A superuser's: every page answers. An error page counts as an answer, so that all of them can be listed."""
    settings.API_THROTTLE_USER = "1000000/min"
    (media_root / "avatars").mkdir(parents=True)
    baker.make(Order, client__email="ada@mail.com")
    browser = browser_of(admin_user)
    browser.raise_request_exception = False
    return browser


def broken(browser: Browser, urls: Iterable[str], method: str = "get", *sent: object) -> list[str]:
    """The addresses that are answered by an error of the server."""
    return [url[:120] for url in urls if getattr(browser, method)(url, *sent).status_code >= 500]


@pytest.mark.parametrize("value", ODD.values(), ids=ODD)
def test_an_odd_value_as_a_part_of_the_address(browser, value):
    urls = [HOLE.sub(lambda hole: value, route) for route in addresses() if not is_whole(route)]
    assert broken(browser, urls) == []
    assert broken(browser, urls, "post", {}) == []


@pytest.mark.parametrize("value", ODD.values(), ids=ODD)
def test_an_odd_value_for_every_parameter(browser, value):
    query = "&".join(f"{name}={value}" for name in PARAMETERS.split())
    urls = [HOLE.sub("1", route) for route in addresses() if not is_of_the_admin(route)]
    assert broken(browser, [f"{url}?{query}" for url in urls]) == []


@pytest.mark.parametrize("value", ODD.values(), ids=ODD)
def test_an_odd_value_in_every_field_of_a_form(browser, value):
    sent = "&".join(f"{name}={value}" for name in PARAMETERS.split())
    urls = [HOLE.sub("1", route) for route in addresses() if not is_of_the_admin(route)]
    assert broken(browser, urls, "post", sent, "application/x-www-form-urlencoded") == []


@pytest.mark.parametrize("value", ["abc", "1%00", "9" * 400], ids=["a word", "NUL", "400 digits"])
def test_an_odd_value_for_every_filter_of_the_admin(browser, value):
    routes = [route for route in addresses() if is_of_the_admin(route) and is_whole(route)]
    urls = [f"{route}?{name}={value}" for route in routes for name in names_of(route)]
    assert broken(browser, urls) == []


@pytest.mark.parametrize("charset", ["hex", "utf-7"])
@pytest.mark.parametrize("kind", ["text/plain", "multipart/form-data; boundary=x", "application/json"])
def test_a_text_encoding_that_is_none(browser, kind, charset):
    body = b'--x\r\nContent-Disposition: form-data; name="name"\r\n\r\n+2AA-\r\n--x--\r\n'
    urls = [HOLE.sub("1", route) for route in addresses() if is_whole(route) or not is_of_the_admin(route)]
    answers = {
        url: browser.generic("POST", url, body, f"{kind}; charset={charset}").status_code for url in urls
    }
    assert {url: status for url, status in answers.items() if status >= 500} == {}


@pytest.mark.parametrize("method", ["head", "options", "put", "patch", "delete", "trace"])
def test_every_method(browser, method):
    urls = [HOLE.sub("1", route) for route in addresses() if is_whole(route) or not is_of_the_admin(route)]
    assert broken(browser, urls, method) == []


def test_a_request_that_is_refused_gets_a_page_that_says_so(browser):
    answer = browser.get(
        "/admin/clients/client/", {"name": "a\x00b"}, CONTENT_TYPE="text/plain; charset=utf-7"
    )
    assert page(answer, status=400).h1.text == "That request could not be understood"


def test_an_order_is_added_for_the_client_in_the_address_or_for_none(browser):
    known = str(Order.objects.get().client_id)
    for client, chosen in {known: [known], "abc": [], "1.5": [], "9" * 400: []}.items():
        form = page(browser.get(f"/admin/clients/order/add/?{urlencode({'client': client})}"))
        assert [
            option["value"] for option in form.select("#id_client option[selected][value]") if option["value"]
        ] == chosen
