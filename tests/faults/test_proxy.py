"""What comes out of the proxy has its security headers, whoever made it: web, live, nginx itself or a file."""

import httpx
import pytest

from tests.access.test_access import HEADERS
from tests.services.support import wait_until

CONTENT = {
    "a page": "/clients/",
    "a download": "/clients/export.csv",
    "a page that is not there": "/nothing/",
    "the admin": "/admin/",
    "an answer of the API": "/api/clients/",
    "a static file": "/static/crm/colours.css",
    "a static file that is not there": "/static/nothing.css",
    "a picture that is not there": "/media/avatars/nothing.webp",
    "a file of reports": "/media/reports/nothing.csv",
    "the socket's address without a handshake": "/ws/orders/",
}


def wrong_headers(answer: httpx.Response) -> dict[str, list[str]]:
    """Those that are missing, are there twice or say something else."""
    found = {name: answer.headers.get_list(name) for name in HEADERS}
    wrong = {name: values for name, values in found.items() if values != [HEADERS[name]]}
    policies = answer.headers.get_list("Content-Security-Policy")
    return wrong if len(policies) == 1 else {**wrong, "Content-Security-Policy": policies}


@pytest.mark.parametrize("what", CONTENT)
def test_an_answer_has_its_headers(office, what):
    with office.browser("manager") as browser:
        answer = browser.get(CONTENT[what])
    assert answer.status_code < 500
    assert wrong_headers(answer) == {}


def test_the_answers_of_the_proxy_itself_have_them(office):
    with office.browser() as browser:
        large = browser.post("/clients/add/", content=bytes(7 * 2**20))
        assert (large.status_code, wrong_headers(large)) == (413, {})
        office.kill("web")
        away = browser.get("/clients/")
        assert (away.status_code, wrong_headers(away)) == (502, {})
    wait_until(office.is_well)
