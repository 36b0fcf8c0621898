"""Milestone 17: choose two clients, look at what merging them would do, do it."""

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from clients.accounts.access import staff_required
from clients.audit.record import record_merge
from clients.merging.merge import MergeError, MergePreview, merge_clients, preview_merge
from clients.models import Client
from stages.web import milestone_required

SUGGESTED = 10
LARGEST_ID = 2**63 - 1


class MergeForm(forms.Form):
    """The ids of the client to keep and of the one to merge into it."""

    keep = forms.IntegerField(min_value=1, max_value=LARGEST_ID)
    merge = forms.IntegerField(min_value=1, max_value=LARGEST_ID)


@milestone_required("merge-clients")
@staff_required
@require_http_methods(["GET", "HEAD", "POST"])
def client_merge(request: HttpRequest) -> HttpResponse:
    """GET chooses and previews (`?keep=1&merge=2`), POST merges and goes to the client that was kept."""
    if request.method == "POST":
        return merge_posted(request)
    return render(request, "clients/client_merge.html", merge_context(request))


def merge_posted(request: HttpRequest) -> HttpResponse:
    form = MergeForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Choose the client to keep and the one to merge into it.")
        return redirect("client-merge")
    keep_id, merge_id = form.cleaned_data["keep"], form.cleaned_data["merge"]
    staff = request.user if request.user.is_authenticated else None
    try:
        with transaction.atomic():
            record = merge_clients(keep_id=keep_id, merge_id=merge_id, merged_by=staff)
            record_merge(request, record)
    except MergeError as error:
        messages.error(request, str(error))
        return redirect(f"{reverse('client-merge')}?{urlencode({'keep': keep_id})}")
    orders = f"{record.orders_moved} order{'' if record.orders_moved == 1 else 's'}"
    messages.success(request, f"{record.merged['name']} was merged in, with {orders}.")
    return redirect("client-detail", pk=keep_id)


def merge_context(request: HttpRequest) -> dict[str, Any]:
    """The context of clients/client_merge.html: what is chosen so far, clients to choose from, the preview."""
    chosen = MergeForm(request.GET)
    chosen.is_valid()
    keep_id, merge_id = chosen.cleaned_data.get("keep"), chosen.cleaned_data.get("merge")
    preview, problem = previewed(keep_id, merge_id)
    q = request.GET.get("q", "").strip()
    return {
        "keep": preview.keep if preview else chosen_client(keep_id),
        "merge": preview.merge if preview else chosen_client(merge_id),
        "preview": preview,
        "problem": problem,
        "q": q,
        "found": suggestions(q, keep_id, merge_id) if preview is None else [],
    }


def chosen_client(pk: int | None) -> Client | None:
    return None if pk is None else Client.objects.filter(pk=pk).first()


def previewed(keep_id: int | None, merge_id: int | None) -> tuple[MergePreview | None, str]:
    """The preview once both are chosen, or what is wrong with the choice."""
    if keep_id is None or merge_id is None:
        return None, ""
    try:
        return preview_merge(keep_id=keep_id, merge_id=merge_id), ""
    except MergeError as error:
        return None, str(error)


def suggestions(q: str, *chosen: int | None) -> list[Client]:
    """The newest clients, or those that match; without the ones already chosen."""
    return list(
        Client.objects.exclude(pk__in=[pk for pk in chosen if pk]).search(q).newest_first()[:SUGGESTED]
    )
