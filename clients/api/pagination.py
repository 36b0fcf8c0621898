"""Ten a page, and whether the count beside them is exact."""

from typing import Any

from rest_framework.pagination import PageNumberPagination
from rest_framework.response import Response

from clients.search.large_tables import LargeTablePaginator, PeekedPage
from clients.search.pages import PER_PAGE


class CountedPagination(PageNumberPagination):
    """`count`, `count_exact`, `next`, `previous`, `results`; a page that does not exist is a 404."""

    page_size = PER_PAGE
    django_paginator_class = LargeTablePaginator
    # "last" would need an exact count of the whole table.
    last_page_strings = ()

    page: PeekedPage

    def get_paginated_response(self, data: Any) -> Response:
        return Response(
            {
                "count": self.page.paginator.count,
                "count_exact": self.page.paginator.count_exact,
                "next": self.get_next_link(),
                "previous": self.get_previous_link(),
                "results": data,
            }
        )

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        answer = super().get_paginated_response_schema(schema)
        answer["properties"]["count_exact"] = {
            "type": "boolean",
            "description": "False: `count` is an estimate, or there are more and counting stopped.",
        }
        answer["required"].append("count_exact")
        return answer
