from rest_framework.permissions import SAFE_METHODS

from clients.api.permissions import ReadAllWriteStaff
from clients.api.throttles import GuestThrottle, UserThrottle
from clients.site.proxies import client_address
from stages.checking.mistakes import Mistake
from tests.stages.mistakes.patches import method


def key_by_address(self, request, view):
    return f"throttle_user_{client_address(request)}" if request.user.is_authenticated else None


def whoever_is_logged_in(self, request, view):
    return request.method in SAFE_METHODS or request.user.is_authenticated


def all_but_post(self, request, view):
    return request.method != "POST" or request.user.is_staff


MISTAKES = [
    Mistake(
        "logged-in-is-enough",
        "Whoever is logged in may write, staff or not.",
        "test_a_post_by_a_user_who_is_not_staff_is_forbidden",
        method(ReadAllWriteStaff, "has_permission", whoever_is_logged_in),
    ),
    Mistake(
        "only-post-is-a-write",
        "PUT, PATCH and DELETE are forgotten.",
        "test_no_other_write_is_open_to_anybody_else",
        method(ReadAllWriteStaff, "has_permission", all_but_post),
    ),
    Mistake(
        "staff-read-only",
        "Reading is closed as well.",
        "test_everybody_may_read",
        method(ReadAllWriteStaff, "has_permission", lambda self, request, view: request.user.is_staff),
    ),
    Mistake(
        "guests-uncounted",
        "Only users are counted; a guest may ask for ever.",
        "test_a_guest_who_asks_too_often_is_told_when_to_come_back",
        method(GuestThrottle, "get_cache_key", lambda self, request, view: None),
    ),
    Mistake(
        "users-counted-by-address",
        "A user is counted by address: an office shares one limit, and whoever moves on has a new one.",
        "test_a_user_has_a_limit_of_their_own_wherever_they_are",
        method(UserThrottle, "get_cache_key", key_by_address),
    ),
]
