from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render

from .forms import ClientForm
from .models import Client


@login_required
def client_list(request):
    q = request.GET.get("q", "")
    # Mistake: the search looks at the name alone.
    clients = Client.objects.filter(name__icontains=q).order_by("-created_at")
    page = Paginator(clients, 10).get_page(request.GET.get("page"))
    return render(request, "clients/client_list.html", {"page": page, "q": q})


# Mistake: a guest can add clients.
def client_add(request):
    form = ClientForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        form.save()
        messages.success(request, "Saved.")
        return redirect("/clients/")
    return render(request, "clients/client_form.html", {"form": form})


@login_required
def client_edit(request, pk):
    form = ClientForm(request.POST or None, request.FILES or None, instance=get_object_or_404(Client, pk=pk))
    if form.is_valid():
        form.save()
        messages.success(request, "Saved.")
        return redirect("/clients/")
    return render(request, "clients/client_form.html", {"form": form})


@login_required
def client_delete(request, pk):
    client = get_object_or_404(Client, pk=pk)
    if request.method == "POST":
        client.delete()
        messages.success(request, "Deleted.")
        return redirect("/clients/")
    return render(request, "clients/client_confirm_delete.html", {"client": client})
