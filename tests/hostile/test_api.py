"""The API, asked for whatever its own description allows: as a guest, with a token, with a session, in chains."""

import pytest
import schemathesis
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from model_bakery import baker

from clients.models import Client, Order
from mini_crm.wsgi import application
from stages.catalog import catalog
from tests.access.asking import token_of
from tests.fixtures import browser_of
from tests.hostile.texts import often

# The server ends its connection with each request.
pytestmark = pytest.mark.django_db(transaction=True)
WHO = ("guest", "token", "session")


@pytest.fixture
def schema(milestones, admin_user):
    """The description of the API with everything switched on, and rows for it to find."""
    milestones.on(*(milestone.slug for milestone in catalog().switchable))
    client = baker.make(Client, pk=1, name="Ada Lovelace", email="ada@mail.com")
    baker.make(Order, pk=1, client=client, title="Desk", amount=1)
    return schemathesis.openapi.from_wsgi("/api/schema/?format=json", application)


@pytest.fixture
def headers_of(admin_user):
    """What each sends with a request."""
    browser = browser_of(admin_user)
    session = browser.cookies["sessionid"].value
    csrf = "a" * 32
    return {
        "guest": {},
        "token": {"Authorization": f"Token {token_of(admin_user)}"},
        "session": {"Cookie": f"sessionid={session}; csrftoken={csrf}", "X-CSRFToken": csrf},
    }


@pytest.mark.parametrize("who", WHO)
def test_no_request_that_the_description_allows_breaks_the_api(schema, headers_of, who):
    operations = [found.ok() for found in schema.get_all_operations()]
    assert {operation.method for operation in operations} >= {"get", "post", "put", "patch", "delete"}

    @settings(often, max_examples=60)
    @given(st.one_of([operation.as_strategy() for operation in operations]))
    def ask(case):
        response = case.call(headers=headers_of[who])
        assert response.status_code < 500

    ask()


def test_no_chain_of_requests_breaks_the_api(schema, headers_of):
    """What one answer says, such as the id of a new row, is asked for by the next."""

    class Visitor(schema.as_state_machine()):
        def get_call_kwargs(self, case):
            return {"headers": headers_of["token"]}

        def validate_response(self, response, case, **options):
            assert response.status_code < 500

    Visitor.run(settings=settings(often, max_examples=10, stateful_step_count=8, phases=[Phase.generate]))
