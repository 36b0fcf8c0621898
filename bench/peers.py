"""What else answers the same question, as it comes out of the box: the admin, django-ninja, django-import-export.

Ten rows a page and the same columns as the CRM's own. The run checks that both sides name the same clients before it
times them (bench/peers_beside.py).
"""

from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from import_export import fields, resources
from ninja import ModelSchema, NinjaAPI
from ninja.pagination import PageNumberPagination, paginate

from bench.naive import TOTAL, export_limit
from clients.models import Client

COLUMNS = ("name", "email", "phone", "vip", "created_at")


class StockAdmin(admin.ModelAdmin):
    """What a first `ModelAdmin` has; everybody may look."""

    list_display = COLUMNS
    list_per_page = 10
    ordering = ("-created_at", "-id")
    search_fields = ("name", "email")

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True


site = admin.AdminSite(name="stock")
site.register(Client, StockAdmin)

api = NinjaAPI(urls_namespace="stock-ninja")


class ClientSchema(ModelSchema):
    class Meta:
        model = Client
        fields = ["id", *COLUMNS]


@api.get("/clients", response=list[ClientSchema])
@paginate(PageNumberPagination, page_size=10)
def clients(request: HttpRequest) -> QuerySet[Client]:
    return Client.objects.order_by("-created_at", "-id")


class ClientResource(resources.ModelResource):
    """The columns of the CRM's own file."""

    orders_count = fields.Field("orders_count", "orders_count")
    orders_total = fields.Field("orders_total", "orders_total")

    class Meta:
        model = Client
        fields = [*COLUMNS, "orders_count", "orders_total"]


def export(request: HttpRequest) -> HttpResponse:
    newest = Client.objects.order_by("-created_at", "-id")[: export_limit(request)]
    rows = Client.objects.filter(pk__in=newest.values("pk")).annotate(
        orders_count=Count("orders"), orders_total=TOTAL
    )
    return HttpResponse(
        ClientResource().export(rows.order_by("-created_at", "-id")).csv, content_type="text/csv"
    )
