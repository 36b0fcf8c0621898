from django.shortcuts import redirect

from clients.crud import functions
from clients.models import Client
from stages.checking.mistakes import Mistake
from tests.stages.mistakes.patches import everywhere, method, route, template


def deletes_whatever_the_method(view):
    def delete(request, pk):
        Client.objects.filter(pk=pk).delete()
        return view(request, pk)

    return delete


MISTAKES = [
    Mistake(
        "silent-save",
        "Saving says nothing: the message is never put in.",
        "test_adding_a_client_leads_to_the_list_and_says_so_there",
        method(functions.messages, "success", lambda request, text: None),
    ),
    Mistake(
        "back-to-the-dashboard",
        "After saving, the visitor lands somewhere else than on the list.",
        "test_adding_a_client_leads_to_the_list_and_says_so_there",
        lambda: everywhere(functions.redirect, lambda *args, **kwargs: redirect("dashboard")),
    ),
    Mistake(
        "delete-by-get",
        "Opening the page that asks already deletes: any crawler empties the table.",
        "test_deleting_asks_first",
        lambda: route("client-delete", deletes_whatever_the_method),
    ),
    Mistake(
        "no-way-to-edit",
        "The rows of the list have no link to the edit page.",
        "test_the_list_shows_every_client_with_a_link_to_edit_it",
        lambda: template("clients/_client_row.html", "'client-edit'", "'client-detail'"),
    ),
    Mistake(
        "delete-form-by-get",
        "The form that confirms is sent by GET, so confirming only asks again.",
        "test_deleting_asks_first",
        lambda: template("clients/client_confirm_delete.html", '<form method="post"', '<form method="get"'),
    ),
]
