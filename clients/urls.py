"""The pages under /clients/. Where a milestone replaces a page, the flag picks between the two here."""

from django.urls import path

from clients.crud import classes, functions
from clients.exports.views import client_export
from clients.merging.views import client_merge
from clients.orders.detail import client_detail
from clients.orders.views import order_delete, order_edit
from stages.web import either

client_list = either("class-based-views", on=classes.ClientListView.as_view(), off=functions.client_list)
client_add = either("class-based-views", on=classes.ClientCreateView.as_view(), off=functions.client_add)
client_edit = either("class-based-views", on=classes.ClientUpdateView.as_view(), off=functions.client_edit)
client_delete = either(
    "class-based-views", on=classes.ClientDeleteView.as_view(), off=functions.client_delete
)

urlpatterns = [
    path("", client_list, name="client-list"),
    path("add/", client_add, name="client-add"),
    path("<int:pk>/", client_detail, name="client-detail"),
    path("<int:pk>/edit/", client_edit, name="client-edit"),
    path("<int:pk>/edit/delete/", client_delete, name="client-delete"),
    path("export.csv", client_export, name="client-export"),
    path("merge/", client_merge, name="client-merge"),
    path("orders/<int:pk>/edit/", order_edit, name="order-edit"),
    path("orders/<int:pk>/delete/", order_delete, name="order-delete"),
]
