from django.conf import settings
from django.conf.urls.static import static
from django.contrib import admin
from django.contrib.auth import views as auth
from django.http import HttpResponse
from django.urls import include, path

urlpatterns = [
    path("health/", lambda request: HttpResponse("OK\n", content_type="text/plain")),
    path("admin/", admin.site.urls),
    path("anmelden/", auth.LoginView.as_view()),
    path("accounts/logout/", auth.LogoutView.as_view()),
    path("clients/", include("clients.urls")),
    path("api/", include("clients.api")),
    *static(settings.MEDIA_URL, document_root=settings.MEDIA_ROOT),
]
