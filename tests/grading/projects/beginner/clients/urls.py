from django.urls import path

from . import views

urlpatterns = [
    path("", views.client_list),
    path("add/", views.client_add),
    path("<int:pk>/edit/", views.client_edit),
    path("<int:pk>/edit/delete/", views.client_delete),
]
