"""Milestone 14: who may not read the API gets no description of it either."""

import pytest

from tests.fixtures import assert_sent_to_login

pytestmark = pytest.mark.beyond("comfort")

SCHEMA, DOCS = "/api/schema/", "/api/docs/"


@pytest.fixture
def private_api(settings):
    settings.API_PUBLIC_READ = False


def test_a_guest_gets_no_schema_of_a_private_api(guest, private_api):
    answer = guest.get(SCHEMA, {"format": "json"})

    assert answer.status_code == 401
    assert "paths" not in answer.json()


def test_a_guest_who_asks_for_the_docs_of_a_private_api_is_sent_to_the_login(guest, private_api):
    assert_sent_to_login(guest.get(DOCS), back_to=DOCS)


@pytest.mark.parametrize("address", [SCHEMA, DOCS])
def test_whoever_is_signed_in_gets_both(learner_client, private_api, address):
    assert learner_client.get(address).status_code == 200


@pytest.mark.parametrize("address", [SCHEMA, DOCS])
def test_where_everybody_reads_the_api_both_are_open(guest, milestones, address):
    assert guest.get(address).status_code == 200
