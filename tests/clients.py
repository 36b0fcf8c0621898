"""Clients as the checks of milestone 1 make and see them."""

from tests.fixtures import page

ADD = "/admin/clients/client/add/"
LIST = "/admin/clients/client/"


def admin_names(response) -> list[str]:
    rows = page(response).select("#result_list tbody tr")
    return [row.select_one(".field-name").get_text() for row in rows]
