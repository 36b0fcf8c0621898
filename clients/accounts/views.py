"""Milestone 5: in and out, by Django's own views."""

from typing import Any

from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from clients.accounts.forms import LoginForm


class LogOut(LogoutView):
    """Logging out is a POST; the GET shows the button for it.

    The button has a page of its own because the header stands on every page, the cached list too, and a form's CSRF
    token must not be stored there.
    """

    http_method_names = ["get", "head", "post", "options"]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return render(request, "registration/logout.html")


login_view = LoginView.as_view(authentication_form=LoginForm)
log_out = LogOut.as_view()
