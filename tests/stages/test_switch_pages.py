"""The switches on the pages: what staff can do with them, and nobody else."""

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from waffle.models import Flag

from tests.fixtures import assert_refused, assert_sent_to_login, browser_of, page

pytestmark = pytest.mark.django_db


def said(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


def is_on(slug):
    return Flag.objects.get(name=slug).everyone


def words(element):
    return " ".join(element.get_text(" ").split())


def test_staff_switch_off_and_on_and_come_back_to_where_they_were(manager_client, milestones):
    response = manager_client.post("/stages/avatars/switch/", {"to": "off", "next": "/clients/?q=anna"})
    assert (response.status_code, response["Location"]) == (302, "/clients/?q=anna")
    assert said(response) == ["Avatar is off."]
    assert not is_on("avatars")
    response = manager_client.post("/stages/avatars/switch/", {"to": "on"})
    assert response["Location"] == "/stages/avatars/"
    assert said(response)[-1] == "Avatar is on."
    assert is_on("avatars")


def test_turning_on_says_what_came_with_it(manager_client, milestones):
    milestones.off("client-crud", "avatars")
    response = manager_client.post("/stages/avatars/switch/", {"to": "on", "next": "/stages/"}, follow=True)
    assert words(page(response).select_one("#messages")) == "Client CRUD (FBV) and Avatar are on."


def test_turning_off_says_what_waits_now(manager_client, milestones):
    milestones.only("avatars")
    response = manager_client.post("/stages/client-crud/switch/", {"to": "off"})
    assert said(response) == ["Client CRUD (FBV) is off. Avatar waits for it."]


def test_many_are_counted_and_not_named(manager_client, milestones):
    response = manager_client.post("/stages/client-crud/switch/", {"to": "off"})
    assert said(response) == ["Client CRUD (FBV) is off. 15 milestones wait for it."]


def test_staff_set_a_stage(manager_client, milestones):
    response = manager_client.post("/stages/set/junior/", {"next": "/stages/"})
    assert (response.status_code, response["Location"]) == (302, "/stages/")
    assert said(response) == ["12 milestones are off."]
    assert (is_on("avatars"), is_on("orders")) == (True, False)


@pytest.mark.parametrize("url", ["/stages/avatars/switch/", "/stages/set/junior/"])
def test_nobody_else_can_switch(guest, learner_client, url):
    assert_sent_to_login(guest.post(url, {"to": "off", "next": "/stages/avatars/"}), "/stages/avatars/")
    assert_refused(learner_client.post(url, {"to": "off"}))
    assert is_on("avatars")
    assert is_on("orders")


@pytest.mark.parametrize("url", ["/stages/avatars/switch/", "/stages/set/junior/"])
def test_a_link_cannot_switch(manager_client, url):
    assert manager_client.get(url, {"to": "off"}).status_code == 405


def test_another_site_cannot_switch(manager, milestones):
    browser = Client(enforce_csrf_checks=True)
    browser.cookies = browser_of(manager).cookies
    assert browser.post("/stages/avatars/switch/", {"to": "off"}).status_code == 403
    assert is_on("avatars")


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.test/", "//evil.test", "javascript:alert(1)", "\\\\evil.test", ""]
)
def test_nobody_is_sent_to_another_site(manager_client, elsewhere):
    response = manager_client.post("/stages/avatars/switch/", {"to": "off", "next": elsewhere})
    assert response["Location"] == "/stages/avatars/"


@pytest.mark.parametrize("sent", [{}, {"to": ""}, {"to": "maybe"}])
def test_a_switch_without_a_direction_changes_nothing(manager_client, milestones, sent):
    assert manager_client.post("/stages/avatars/switch/", sent).status_code == 400
    assert is_on("avatars")


def test_what_has_no_switch_answers_409(manager_client):
    html = page(manager_client.post("/stages/start/switch/", {"to": "off"}), status=409)
    assert words(html.select_one("[role=alert]")) == "Start has no switch: everything else stands on it."


@pytest.mark.parametrize("url", ["/stages/login-required/switch/", "/stages/set/junior/"])
def test_a_locked_profile_refuses_with_409(manager_client, settings, url):
    settings.CRM_LOCKED = True
    html = page(manager_client.post(url, {"to": "off"}), status=409)
    assert "locked here" in words(html.select_one("[role=alert]"))
    assert html.select(".switch") == []
    assert is_on("login-required")
