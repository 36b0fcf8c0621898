from django.contrib import admin
from django.http import HttpResponse
from django.urls import include, path

# Mistake: uploads are stored and never served.
urlpatterns = [
    path("health/", lambda request: HttpResponse("ok")),
    path("admin/", admin.site.urls),
    path("accounts/", include("django.contrib.auth.urls")),
    path("clients/", include("clients.urls")),
]
