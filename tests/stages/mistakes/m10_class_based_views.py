from django.views.generic import DeleteView, ListView

from clients.crud import functions
from clients.crud.classes import ClientDeleteView, ClientListView, ClientUpdateView
from clients.crud.listing import listed_clients
from stages.checking.mistakes import Mistake
from tests.stages.mistakes.patches import method, route

MISTAKES = [
    Mistake(
        "silent-delete",
        "Deleting says nothing any more: nobody put the message into form_valid.",
        "test_a_client_is_deleted_by_a_post_and_the_list_says_so",
        method(ClientDeleteView, "form_valid", DeleteView.form_valid),
    ),
    Mistake(
        "function-in-disguise",
        "One of the four pages is still answered by its function.",
        "test_each_page_is_answered_by_djangos_generic_view",
        lambda: route("client-edit", lambda view: functions.client_edit),
    ),
    Mistake(
        "no-such-page",
        "A page number beyond the end is a 404, as ListView has it, and no longer the last page.",
        "test_both_ways_answer_alike_with_all_of_stage_one",
        method(ClientListView, "paginate_queryset", ListView.paginate_queryset),
    ),
    Mistake(
        "conflict-not-shown",
        "The edit page no longer shows what somebody else has saved meanwhile.",
        "test_both_ways_answer_a_late_request_alike",
        method(
            ClientUpdateView, "get_context_data", super(ClientUpdateView, ClientUpdateView).get_context_data
        ),
    ),
    Mistake(
        "equal-times-move",
        "Clients that were added at the same moment, as an import does, stand anywhere.",
        "test_clients_of_the_same_moment_keep_their_places",
        method(
            ClientListView,
            "get_queryset",
            lambda self: listed_clients(self.request).order_by("-created_at"),
        ),
    ),
]
