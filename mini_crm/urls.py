"""Every address of the project."""

from django.apps import apps
from django.contrib import admin
from django.urls import include, path

from clients.accounts.views import log_out, login_view
from clients.avatars.views import avatar
from clients.dashboard.views import dashboard, figures_csv
from clients.health import health, ready
from clients.site.favicon import favicon
from stages.web import switched_off

urlpatterns = [
    path("health/", health, name="health"),
    path("health/ready/", ready, name="health-ready"),
    path("favicon.ico", favicon),
    path("", dashboard, name="dashboard"),
    path("figures.csv", figures_csv, name="figures"),
    path("clients/", include("clients.urls")),
    path("accounts/login/", login_view, name="login"),
    path("accounts/logout/", log_out, name="logout"),
    path("stages/", include("stages.urls")),
    path("admin/", admin.site.urls),
    path("media/avatars/<str:name>", avatar, name="avatar"),
]

if apps.is_installed("rest_framework"):
    urlpatterns += [path("api/", include("clients.api.urls"))]

if apps.is_installed("channels"):
    urlpatterns += [path("reports/", include("clients.reports.urls"))]
else:
    urlpatterns += [path("reports/", switched_off, {"slug": "monthly-report"}, name="report-list")]

if apps.is_installed("debug_toolbar"):
    urlpatterns += [path("__debug__/", include("debug_toolbar.urls"))]

handler500 = "clients.site.errors.server_error"
