from functools import wraps

from clients import caching
from clients.crud import functions
from stages.checking.mistakes import Mistake
from tests.stages.mistakes.patches import everywhere, method, route, setting


def list_view(change):
    """The list's URL with `change(function view)` behind it, whichever view was there."""
    return lambda: route("client-list", lambda view: change(functions.client_list))


def kept_by_the_browser(view):
    @wraps(view)
    def answer(request):
        response = view(request)
        response["Cache-Control"] = "max-age=60"
        return response

    return answer


def one_page_for_all(request, number):
    return f"clients:{number}"


def only_what_comes_singly(announcement):
    if not announcement.bulk:
        caching.cache.incr(caching.GENERATION)


MISTAKES = [
    Mistake(
        "never-forgotten",
        "Nothing tells the cache that a client was changed.",
        "test_a_client_that_is_updated_shows_on_the_very_next_page",
        setting(CHANGE_LISTENERS=[]),
    ),
    Mistake(
        "somebody-elses-page",
        "One page is kept for all users, with the name of whoever came first.",
        "test_nobody_gets_the_page_of_somebody_else",
        lambda: everywhere(caching.key_prefix, one_page_for_all),
    ),
    Mistake(
        "message-kept",
        "A page with a message on it is stored and shown again.",
        "test_a_message_is_shown_once_and_never_kept",
        lambda: everywhere(caching.may_be_cached, lambda request: True),
    ),
    Mistake(
        "kept-by-the-browser",
        "The browser may keep a copy, which nobody can make it forget.",
        "test_the_browser_keeps_no_copy_of_its_own",
        list_view(kept_by_the_browser),
    ),
    Mistake(
        "kept-for-an-hour",
        "The page is kept for an hour instead of a minute.",
        "test_it_is_kept_for_sixty_seconds_and_no_longer",
        method(caching, "SECONDS", 3600),
    ),
    Mistake(
        "bulk-writes-are-missed",
        "Only what is saved by itself is noticed: `bulk_create`, `update` and the like leave the old page.",
        "test_whatever_writes_is_seen_on_the_very_next_page",
        lambda: everywhere(caching.forget_pages, only_what_comes_singly),
    ),
]
