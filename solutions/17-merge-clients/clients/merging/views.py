"""A plain solution of milestone 17, Transactions."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from clients.accounts.access import staff_required
from clients.merging.merge import MergeError, merge_clients
from stages.web import milestone_required


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
        record = merge_clients(keep_id=keep_id, merge_id=merge_id, merged_by=staff)
    except MergeError as error:
        messages.error(request, str(error))
        return redirect("client-merge")
    messages.success(request, f"{record.merged['name']} was merged in, with {record.orders_moved} orders.")
    return redirect("client-detail", pk=keep_id)
