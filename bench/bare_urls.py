"""One page, as small as can be, and the admin that everybody has."""

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import path


def health(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok")


urlpatterns = [path("admin/", admin.site.urls), path("health/", health)]
