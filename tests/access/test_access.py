"""The access table: every address, asked as everybody, by every method. What is expected stands in table.txt."""

import re
from itertools import product

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from stages.catalog import catalog
from tests.access.asking import (
    METHODS,
    ROLES,
    SAFE,
    SOCKET,
    TABLE,
    Office,
    block,
    cell,
    expected,
    filled,
    undone,
)
from tests.addresses import addresses

pytestmark = pytest.mark.django_db

# Only with DEBUG on, and never in production.
ROUTES = [route for route in dict.fromkeys(addresses()) if not route.startswith("/__debug__/")]
WRITES = re.compile(r"^\s*(INSERT INTO|UPDATE|DELETE FROM)\s+\W?(\w+)", re.IGNORECASE)
# Logging out is what its address is for; a session is written when somebody signs in or out.
BOOKKEEPING = {"django_session"}
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
each = pytest.mark.parametrize("route", ROUTES)
# In four parts, so that several processes can share them.
slices = pytest.mark.parametrize("routes", [ROUTES[n::4] for n in range(4)], ids=["1", "2", "3", "4"])


@pytest.fixture
def office(milestones):
    milestones.on(*(milestone.slug for milestone in catalog().switchable))
    return Office.furnished()


@each
def test_everybody_gets_what_the_table_says(office, route):
    found = block(office, route)

    assert expected().get(route) == found, (
        f"{route} was asked. What came, as table.txt would say it:\n\n{found}"
    )


def test_the_table_names_no_address_that_is_gone():
    pages = {route for route in expected() if not route.startswith(SOCKET)}
    assert pages - set(ROUTES) == set()


def test_the_table_says_how_many_cells_it_has():
    first = TABLE.read_text(encoding="utf-8").partition("\n\n")[0]

    assert f"{len(ROUTES)} addresses × {len(ROLES)} roles × {len(METHODS)} methods = " in first
    assert f"{len(ROUTES) * len(ROLES) * len(METHODS):,} cells" in first


@slices
def test_looking_changes_nothing(office, routes):
    for role, method, route in product(("guest", "admin"), SAFE, routes):
        with CaptureQueriesContext(connection) as captured:
            office.ask(role, method, route)
        written = {match[2] for query in captured if (match := WRITES.match(query["sql"]))}
        assert written - BOOKKEEPING == set(), f"{method} {route} as {role} writes to {', '.join(written)}."


@slices
def test_nothing_is_changed_without_a_token_against_forgery(office, routes):
    """A page of another site can send a form with the cookies; it does not know the token."""
    browser = Browser(enforce_csrf_checks=True)
    browser.cookies = office.browsers["admin"].cookies
    for method, route in product(("POST", "PUT", "PATCH", "DELETE"), routes):
        with undone():
            said = cell(browser.generic(method, filled(route)))
        assert said in ("403", "404", "405"), f"{method} {route} without the token was answered with {said}."


@slices
def test_every_answer_has_its_security_headers(office, routes):
    for role, method, route in product(("guest", "admin"), ("GET", "POST"), routes):
        response = office.ask(role, method, route)
        lacking = {name: value for name, value in HEADERS.items() if response.headers.get(name) != value}
        assert not lacking, f"{method} {route} as {role} ({response.status_code}) lacks {lacking}."
        assert "Content-Security-Policy" in response.headers, f"{method} {route} as {role} has no policy."
