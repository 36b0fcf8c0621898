"""The pages under /reports/."""

from django.urls import path

from clients.reports import views

urlpatterns = [
    path("", views.report_list, name="report-list"),
    path("orders-<str:month>.csv", views.report_download, name="report-download"),
]
