"""A plain solution of milestone 2, Client CRUD (FBV)."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from clients.accounts.access import crm_login_required
from clients.caching import cached_list
from clients.crud.listing import list_context, listed_clients, page_asked_for
from clients.forms import client_form_class
from clients.models import Client
from stages.web import milestone_required


@milestone_required("client-crud")
@crm_login_required
@cached_list
@require_safe
def client_list(request: HttpRequest) -> HttpResponse:
    clients = listed_clients(request)
    context = list_context(clients, page_asked_for(clients, request), request)
    return render(request, "clients/client_list.html", context)


@milestone_required("client-crud")
@crm_login_required
@require_http_methods(["GET", "HEAD", "POST"])
def client_add(request: HttpRequest) -> HttpResponse:
    form_class = client_form_class(request)
    if request.method == "POST":
        form = form_class(request.POST, request.FILES, request=request)
        if form.is_valid():
            form.save()
            messages.success(request, f"{form.instance.name} was added.")
            return redirect("client-list")
    else:
        form = form_class(request=request)
    return render(request, "clients/client_form.html", {"form": form, "client": None})


@milestone_required("client-crud")
@crm_login_required
@require_http_methods(["GET", "HEAD", "POST"])
def client_edit(request: HttpRequest, pk: int) -> HttpResponse:
    client = get_object_or_404(Client, pk=pk)
    form_class = client_form_class(request)
    if request.method == "POST":
        form = form_class(request.POST, request.FILES, instance=client, request=request)
        if form.is_valid():
            form.save()
            messages.success(request, f"{client.name} was saved.")
            return redirect("client-list")
    else:
        form = form_class(instance=client, request=request)
    return render(request, "clients/client_form.html", {"form": form, "client": client})


@milestone_required("client-crud")
@crm_login_required
@require_http_methods(["GET", "HEAD", "POST"])
def client_delete(request: HttpRequest, pk: int) -> HttpResponse:
    client = get_object_or_404(Client, pk=pk)
    if request.method == "POST":
        client.delete()
        messages.success(request, f"{client.name} was deleted.")
        return redirect("client-list")
    return render(request, "clients/client_confirm_delete.html", {"client": client})
