"""What stands in a request besides its form: parameters and headers, of every address, in every role."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stages.catalog import catalog
from tests.access.asking import ROLES, Office, filled, undone
from tests.addresses import addresses
from tests.fixtures import page
from tests.hostile.texts import MEANT, hostile_text, often

pytestmark = pytest.mark.django_db

NAMES = [
    "q",
    "search",
    "page",
    "page_size",
    "active",
    "status",
    "ordering",
    "format",
    "keep",
    "merge",
    "month",
]
NAMES += ["next", "created", "cursor", "client", "amount", "name", "vip", "id", "pk", "o", "p", "e", "_popup"]
ROUTES = [
    route
    for route in dict.fromkeys(addresses())
    if not route.startswith(("/admin/", "/__debug__/")) or route.startswith("/admin/clients/")
]
HEADERS = [
    "Accept",
    "Accept-Encoding",
    "Accept-Language",
    "Authorization",
    "Content-Type",
    "Cookie",
    "If-None-Match",
]
HEADERS += [
    "If-Modified-Since",
    "Host",
    "Origin",
    "Range",
    "Referer",
    "User-Agent",
    "X-CSRFToken",
    "HX-Request",
]
HEADERS += [
    "HX-Target",
    "HX-Current-URL",
    "X-Forwarded-For",
    "X-Forwarded-Host",
    "X-Forwarded-Proto",
    "X-HTTP-Method",
]
# What a server hands on: Latin-1, without line breaks.
header_text = st.one_of(
    st.sampled_from(
        ["", "*/*", "\xff", "Token \xe9", "bytes=0-", "q=;,,", "null", "sessionid=\x01", "[::1", "a:b:c"]
    ),
    hostile_text.map(lambda text: "".join(char for char in text if char not in "\r\n\0" and ord(char) < 256)),
)


@pytest.fixture
def office(milestones) -> Office:
    milestones.on(*(milestone.slug for milestone in catalog().switchable))
    return Office.furnished()


def whole(response) -> bytes:
    return b"".join(response) if response.streaming else response.content


@pytest.mark.parametrize("route", ROUTES)
def test_no_parameter_breaks_an_address(office, route):
    @often
    @given(
        query=st.dictionaries(st.sampled_from(NAMES), hostile_text, max_size=4),
        role=st.sampled_from(["guest", "admin"]),
    )
    def ask(query, role):
        with undone():
            response = office.browsers[role].get(filled(route), query)
            body = whole(response)
            assert response.status_code in {*MEANT, 304, 404, 406}, (
                f"{query} was answered by {response.status_code}"
            )
            if body and response.status_code == 200 and "text/html" in response.headers["Content-Type"]:
                assert not page(response).select("#evil")

    ask()


@pytest.mark.parametrize("role", ROLES)
def test_no_header_breaks_an_address(office, role):
    @often
    @given(
        route=st.sampled_from(ROUTES),
        headers=st.dictionaries(st.sampled_from(HEADERS), header_text, max_size=4),
        method=st.sampled_from(["GET", "HEAD", "POST", "OPTIONS"]),
    )
    def ask(route, headers, method):
        with undone():
            response = office.browsers[role].generic(method, filled(route), headers=headers)
            whole(response)
            meant = {*MEANT, 200, 304, 401, 405, 406, 415, 416}
            assert response.status_code in meant, f"{method} {headers}: {response.status_code}"

    ask()
