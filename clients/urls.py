"""The pages under /clients/."""

from django.urls import path

from clients.views import detail, functions

urlpatterns = [
    path("", functions.client_list, name="client-list"),
    path("add/", functions.client_add, name="client-add"),
    path("<int:pk>/", detail.client_detail, name="client-detail"),
    path("<int:pk>/edit/", functions.client_edit, name="client-edit"),
    path("<int:pk>/edit/delete/", functions.client_delete, name="client-delete"),
]
