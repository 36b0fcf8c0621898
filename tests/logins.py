"""Signing in as the checks of milestone 5 do it."""

from django.test import Client as Browser

from tests.fixtures import (
    PASSWORD,
)

LOGIN, LOGOUT = "/accounts/login/", "/accounts/logout/"
CRUD = ["/clients/", "/clients/add/", "/clients/{pk}/", "/clients/{pk}/edit/", "/clients/{pk}/edit/delete/"]


def log_in(browser: Browser, username: str = "learner", password: str = PASSWORD, **extra):
    return browser.post(LOGIN, {"username": username, "password": password, **extra})


def is_signed_in(browser: Browser) -> bool:
    return "_auth_user_id" in browser.session
