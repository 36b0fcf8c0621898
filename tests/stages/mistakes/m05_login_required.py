from inspect import unwrap

from django.core.exceptions import PermissionDenied

from clients.crud import functions
from stages.checking.mistakes import Mistake
from tests.stages.mistakes.patches import route


def guarded_for_get_only(view):
    unguarded = unwrap(functions.client_add)
    return lambda request: unguarded(request) if request.method == "POST" else view(request)


def refused(view):
    def choose(request):
        if not request.user.is_authenticated:
            raise PermissionDenied
        return view(request)

    return choose


MISTAKES = [
    Mistake(
        "forgotten-delete",
        "Every page asks for a login but the one that deletes.",
        "test_every_page_of_clients_asks_a_guest_to_sign_in",
        lambda: route("client-delete", lambda view: unwrap(functions.client_delete)),
    ),
    Mistake(
        "get-only",
        "The form is guarded, sending it is not.",
        "test_a_guest_writes_nothing",
        lambda: route("client-add", guarded_for_get_only),
    ),
    Mistake(
        "refused-without-a-way-in",
        "A guest is refused (403) instead of being led to the login page.",
        "test_a_guest_is_sent_to_the_login_page",
        lambda: route("client-list", refused),
    ),
]
