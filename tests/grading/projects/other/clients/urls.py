from django.urls import path

from . import views

app_name = "kunden"
urlpatterns = [
    path("", views.Kundenliste.as_view(), name="liste"),
    path("add/", views.Neu.as_view(), name="neu"),
    path("<int:pk>/edit/", views.Bearbeiten.as_view(), name="bearbeiten"),
    path("<int:pk>/edit/delete/", views.Loeschen.as_view(), name="loeschen"),
    path("export.csv", views.export, name="export"),
]
