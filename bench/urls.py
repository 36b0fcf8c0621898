"""The CRM's own addresses, and the naive ways under /naive/."""

from django.urls import include, path

from bench import naive

urlpatterns = [
    path("", include("mini_crm.urls")),
    path("naive/clients/", naive.naive_list),
    path("naive/active/", naive.naive_active),
    path("naive/dashboard/", naive.naive_dashboard),
    path("naive/export.csv", naive.naive_export),
    path("naive/api/plain/", naive.PlainClients.as_view()),
    path("naive/api/clients/", naive.NaiveClients.as_view()),
]
