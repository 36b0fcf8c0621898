"""Every form of the CRM, filled in by a stranger: no answer is an error, and nothing typed in becomes markup."""

import pytest
from django.http import HttpResponse
from django.test import Client as Browser
from hypothesis import given
from hypothesis import strategies as st
from model_bakery import baker

from clients.models import Client
from stages.catalog import catalog
from tests.access.asking import Office, filled, undone
from tests.addresses import addresses
from tests.fixtures import page
from tests.hostile.texts import MEANT, hostile_text, often

pytestmark = pytest.mark.django_db
# Django's own and axes' are tested there.
OURS = ("/", "/accounts/login/", "/clients/", "/reports/", "/stages/", "/admin/clients/")
ROUTES = [
    route
    for route in dict.fromkeys(addresses())
    if route == "/" or any(route.startswith(start) for start in OURS[1:])
]
# What the test would pass over if its page lost it.
WITH_FORMS = {
    "/accounts/login/",
    "/clients/<int:pk>/",
    "/clients/<int:pk>/edit/",
    "/clients/<int:pk>/edit/delete/",
    "/clients/add/",
    "/clients/merge/",
    "/clients/orders/<int:pk>/delete/",
    "/clients/orders/<int:pk>/edit/",
    "/reports/",
    "/stages/",
    "/stages/<slug:slug>/",
    "/stages/rollout/",
    "/stages/set/<str:stage>/ask/",
    "/admin/clients/client/",
    "/admin/clients/client/add/",
    "/admin/clients/client/<path:object_id>/change/",
    "/admin/clients/client/<path:object_id>/delete/",
    "/admin/clients/order/",
    "/admin/clients/order/add/",
    "/admin/clients/order/<path:object_id>/change/",
    "/admin/clients/order/<path:object_id>/delete/",
    "/admin/clients/webhookdelivery/",
    "/admin/clients/webhooksubscription/",
    "/admin/clients/webhooksubscription/add/",
}


@pytest.fixture
def office(milestones) -> Office:
    milestones.on(*(milestone.slug for milestone in catalog().switchable))
    furnished = Office.furnished()
    baker.make(Client, pk=2, name="Ada Lovelace", email="lovelace@mail.com")
    return furnished


def forms(response: HttpResponse) -> list[tuple[str, list[str]]]:
    """Where each form of the page goes, and its fields."""
    if not response.headers.get("Content-Type", "").startswith("text/html") or response.status_code != 200:
        return []
    return [
        (form.get("action") or "", [field["name"] for field in form.select("[name]")])
        for form in page(response).select("form[method=post]")
        if "logout" not in form.get("action", "")
    ]


def browser_for(office: Office, route: str) -> Browser:
    return office.browsers["guest" if route == "/accounts/login/" else "admin"]


def address_of(route: str) -> str:
    return f"{filled(route)}?keep=1&merge=2" if route == "/clients/merge/" else filled(route)


@pytest.mark.parametrize("route", ROUTES)
def test_no_form_breaks(office, route):
    browser, address = browser_for(office, route), address_of(route)
    found = forms(browser.get(address))
    if not found:
        return
    names = sorted({name for _, fields in found for name in fields} - {"csrfmiddlewaretoken"})

    @often
    @given(
        data=st.fixed_dictionaries({}, optional=dict.fromkeys(names, hostile_text)),
        target=st.sampled_from(found),
    )
    def send(data, target):
        with undone():
            response = browser.post(target[0] or address, data)
            assert response.status_code in MEANT, f"{data} was answered by {response.status_code}"
            if response.status_code == 200:
                assert not page(response).select("#evil")

    send()


def test_every_form_is_found(office):
    """That the test above has forms to send: it would pass over a page that has lost its own."""
    assert {
        route for route in ROUTES if forms(browser_for(office, route).get(address_of(route)))
    } >= WITH_FORMS
