"""The CRM's own addresses, the naive ways under /naive/, and other people's under /peers/."""

from django.urls import include, path

from bench import naive, peers

urlpatterns = [
    path("", include("mini_crm.urls")),
    path("naive/clients/", naive.naive_list),
    path("naive/active/", naive.naive_active),
    path("naive/export.csv", naive.naive_export),
    path("naive/api/plain/", naive.PlainClients.as_view()),
    path("naive/api/clients/", naive.NaiveClients.as_view()),
    path("peers/admin/", peers.site.urls),
    path("peers/ninja/", peers.api.urls),
    path("peers/export.csv", peers.export),
]
