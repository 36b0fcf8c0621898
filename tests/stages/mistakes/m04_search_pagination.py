from django.db.models import Q

from clients.crud import listing
from clients.querysets import ClientQuerySet
from clients.search import pages
from clients.search.large_tables import LargeTablePaginator
from stages.checking.mistakes import Mistake
from tests.stages.mistakes.patches import everywhere, method, template


def minding_case(self, text):
    return self.filter(Q(name__contains=text) | Q(email__contains=text)) if text else self


MISTAKES = [
    Mistake(
        "names-only",
        "The search forgets the e-mail address.",
        "test_name_or_address_is_searched_anywhere_and_in_any_case",
        method(ClientQuerySet, "search", lambda self, text: self.filter(name__icontains=text)),
    ),
    Mistake(
        "both-or-nothing",
        "Name and address have to match: two filters in a row mean “and”.",
        "test_a_different_q_changes_the_list",
        method(
            ClientQuerySet,
            "search",
            lambda self, text: self.filter(name__icontains=text).filter(
                email__icontains=text.swapcase() + "@"
            ),
        ),
    ),
    Mistake(
        "minds-case",
        "`contains` instead of `icontains`: SQLite finds “ADA@” all the same, PostgreSQL finds nobody.",
        "test_name_or_address_is_searched_anywhere_and_in_any_case",
        method(ClientQuerySet, "search", minding_case),
    ),
    Mistake(
        "order-without-tie-break",
        "The time alone orders the list: clients of one moment are lost between two pages, or stand on both.",
        "test_clients_of_one_moment_stand_on_one_page_each",
        method(ClientQuerySet, "newest_first", lambda self: self.order_by("-created_at")),
    ),
    Mistake(
        "search-is-lost",
        "The next link forgets what was searched for.",
        "test_next_and_prev_keep_the_search",
        lambda: everywhere(listing.query_string, lambda request: ""),
    ),
    Mistake(
        "next-and-prev-swapped",
        "The link called “next” leads back, and the one called “prev” leads on.",
        "test_the_links_lead_through_all_pages_and_back",
        lambda: template("clients/_pagination.html", 'a rel="next"', 'a rel="prev"'),
    ),
    Mistake(
        "twenty-a-page",
        "A page has twenty clients.",
        "test_the_links_lead_through_all_pages_and_back",
        lambda: everywhere(pages.PER_PAGE, 20),
    ),
    Mistake(
        "page-that-is-no-number",
        "`?page=abc` is an error page: `page` is called where `get_page` is meant.",
        "test_what_is_no_page_number_breaks_nothing",
        method(
            LargeTablePaginator, "get_page", lambda self, number: self.page(1 if number is None else number)
        ),
    ),
]
