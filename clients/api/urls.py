"""The addresses under /api/."""

from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.routers import SimpleRouter

from clients.api.permissions import readers_only
from clients.api.views import ClientViewSet, OrderViewSet
from stages.web import milestone_required

router = SimpleRouter()
router.register("clients", ClientViewSet, basename="api-client")
router.register("orders", OrderViewSet, basename="api-order")

guarded = milestone_required("read-only-api")
# Not OPTIONS: REST framework would answer it with data, for which this page has no template.
api_docs = SpectacularSwaggerSplitView.as_view(url_name="api-schema", http_method_names=["get", "head"])

urlpatterns = [
    path("", include(router.urls)),
    path("schema/", guarded(SpectacularAPIView.as_view()), name="api-schema"),
    path("docs/", guarded(readers_only(api_docs)), name="api-docs"),
]
