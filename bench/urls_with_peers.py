"""All of these, and the peers under /peers/: a file of its own, because the tests have no peers installed."""

from django.urls import path

from bench import peers, urls

urlpatterns = [
    *urls.urlpatterns,
    path("peers/admin/", peers.site.urls),
    path("peers/ninja/", peers.api.urls),
    path("peers/export.csv", peers.export),
]
