"""The same table for sockets: every address, opened as everybody, from our page, from another site's, from none."""

import pytest
from channels.testing import WebsocketCommunicator

from stages.catalog import catalog
from tests.access.asking import ROLES, SOCKET, TABLE, Office, expected, in_lines
from tests.advanced.sockets import PAGE, asynchronous, socket_of

pytestmark = pytest.mark.django_db(transaction=True)

# clients/live/routing.py: the one socket, and what answers everywhere else.
ADDRESSES = ("/ws/orders/", "/ws/anything/")
ORIGINS = {"own-page": PAGE, "other-site": "https://evil.example", "no-page": None}


@pytest.fixture
def office(milestones) -> Office:
    milestones.on(*(milestone.slug for milestone in catalog().switchable))
    return Office.furnished()


@pytest.mark.parametrize("path", ADDRESSES)
@asynchronous
async def test_everybody_gets_what_the_table_says(office, path):
    answers = {
        role: [
            (page, await answer_to(socket_of(browser, origin=origin, path=path)))
            for page, origin in ORIGINS.items()
        ]
        for role, browser in office.browsers.items()
    }
    found = in_lines(f"{SOCKET}{path}", answers)
    assert expected().get(f"{SOCKET}{path}") == found, (
        f"{path} was opened. What came, as table.txt would say it:\n\n{found}"
    )


async def answer_to(socket: WebsocketCommunicator) -> str:
    connected, _ = await socket.connect()
    await socket.disconnect()
    return "open" if connected else "refused"


def test_the_table_says_how_many_cells_it_has():
    number = len(ADDRESSES) * len(ROLES) * len(ORIGINS)
    assert (
        f"Sockets: {len(ADDRESSES)} addresses × {len(ROLES)} roles × {len(ORIGINS)} origins = {number} cells."
        in (TABLE.read_text(encoding="utf-8"))
    )
