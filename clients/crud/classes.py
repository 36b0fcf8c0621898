"""Milestone 10: the same pages as clients/crud/functions.py, by Django's generic class-based views.

Both stay, side by side; the flag picks one in clients/urls.py. Queries, forms, templates and messages are shared, so
that what differs is only what a class-based view brings: methods to override instead of steps in a function.
"""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator
from django.views.generic import CreateView, DeleteView, ListView, UpdateView
from django.views.generic.detail import SingleObjectTemplateResponseMixin
from django.views.generic.edit import ModelFormMixin

from clients.accounts.access import crm_login_required
from clients.audit.record import deletion_recorded
from clients.caching import cached_list
from clients.crud.listing import list_context, listed_clients, page_shown
from clients.forms import PlainClientForm, client_form_class
from clients.models import Client
from clients.search.pages import PER_PAGE
from stages.features import is_active
from stages.web import MilestoneRequiredMixin


class CrmPageMixin(MilestoneRequiredMixin):
    """A page of the CRM: milestone 2 switches it, milestone 5 guards it."""

    milestone = "client-crud"
    request: HttpRequest

    @method_decorator(crm_login_required)
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return super().dispatch(request, *args, **kwargs)


class ClientListView(CrmPageMixin, ListView):
    http_method_names = ["get", "head"]
    template_name = "clients/client_list.html"

    @method_decorator(cached_list)
    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return super().get(request, *args, **kwargs)

    def get_queryset(self) -> QuerySet[Client]:
        return listed_clients(self.request)

    def get_paginate_by(self, queryset: QuerySet[Client]) -> int | None:
        return PER_PAGE if is_active("search-pagination", self.request) else None

    def paginate_queryset(self, queryset: Any, page_size: int) -> tuple[Paginator, Page, list[Client], bool]:
        """The nearest page that exists, where ListView itself would answer 404."""
        page = page_shown(queryset, self.request)
        return page.paginator, page, list(page.object_list), page.has_other_pages()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        return {**context, **list_context(self.get_queryset(), context["page_obj"], self.request)}


class ClientFormMixin(CrmPageMixin, SingleObjectTemplateResponseMixin, ModelFormMixin):
    """Adding and editing: the form of milestone 3 or the plain one, saved unless another request was quicker."""

    http_method_names: Sequence[str] = ["get", "head", "post"]
    model = Client
    template_name = "clients/client_form.html"
    message = ""

    def get_form_class(self) -> type[PlainClientForm]:
        return client_form_class(self.request)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "request": self.request}

    def form_valid(self, form: Any) -> HttpResponse:
        if not form.save_if_unchanged():
            return self.form_invalid(form)
        messages.success(self.request, self.message.format(name=form.instance.name))
        return redirect("client-list")


class ClientCreateView(ClientFormMixin, CreateView):
    message = "{name} was added."


class ClientUpdateView(ClientFormMixin, UpdateView):
    message = "{name} was saved."

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        return {**context, "conflict": context["form"].conflict}


class ClientDeleteView(CrmPageMixin, DeleteView):
    http_method_names = ["get", "head", "post"]
    model = Client
    template_name = "clients/client_confirm_delete.html"
    success_url = reverse_lazy("client-list")

    def form_valid(self, form: Any) -> HttpResponse:
        with deletion_recorded(self.request, self.object):
            response = super().form_valid(form)
        messages.success(self.request, f"{self.object.name} was deleted.")
        return response
