import csv

from django.contrib.auth.decorators import login_required
from django.contrib.auth.mixins import LoginRequiredMixin
from django.contrib.messages.views import SuccessMessageMixin
from django.core.exceptions import ValidationError
from django.db.models import Count, Q, Sum
from django.http import HttpResponse
from django.urls import reverse_lazy
from django.views.generic import CreateView, DeleteView, ListView, UpdateView

from .models import Client


def mit_summen(clients):
    return clients.annotate(anzahl=Count("order"), summe=Sum("order__amount"))


class Kundenliste(LoginRequiredMixin, ListView):
    template_name = "clients/liste.html"
    paginate_by = 10
    page_kwarg = "seite"

    def get_queryset(self):
        q = self.request.GET.get("q", "").strip()
        return mit_summen(Client.objects.filter(Q(name__icontains=q) | Q(email__icontains=q)))


class Formular(LoginRequiredMixin, SuccessMessageMixin):
    model = Client
    fields = ["name", "email", "phone", "avatar"]
    template_name = "clients/formular.html"
    success_url = reverse_lazy("kunden:liste")
    success_message = "%(name)s wurde gespeichert."

    def get_form(self, form_class=None):
        form = super().get_form(form_class)
        form.fields["email"].validators.append(keine_beispiele)
        return form


def keine_beispiele(email):
    if email.lower().endswith("@example.com"):
        raise ValidationError("Adressen bei example.com werden nicht angenommen.")


class Neu(Formular, CreateView):
    pass


class Bearbeiten(Formular, UpdateView):
    pass


class Loeschen(LoginRequiredMixin, SuccessMessageMixin, DeleteView):
    model = Client
    template_name = "clients/loeschen.html"
    success_url = reverse_lazy("kunden:liste")
    success_message = "Der Kunde wurde gelöscht."


@login_required
def export(request):
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="kunden.csv"'
    answer.write("\ufeff")
    rows = csv.writer(answer, delimiter=";")
    rows.writerow(["Name", "E-Mail", "Bestellungen", "Summe"])
    for client in mit_summen(Client.objects.all()):
        summe = f"{client.summe or 0:.2f}".replace(".", ",")
        rows.writerow([client.name, client.email, client.anzahl, summe])
    return answer
