"""What the checks of the API that is written to share: what is sent, and what is answered."""

from typing import Any

from django.http import HttpResponse

from tests.fixtures import assert_not_switched_off
from tests.sentences import answer

JSON = "application/json"
EVE = {"name": "Eve", "email": "Eve@Mail.com", "phone": ""}


def assert_answered(response: HttpResponse, status: int) -> Any:
    """What came with this answer; the status must be this one."""
    assert_not_switched_off(response)
    assert response.status_code == status, (
        f"{answer(response)}: {response.content[:300].decode(errors='replace')}; {status} was expected."
    )
    return response.json() if response.content else None
