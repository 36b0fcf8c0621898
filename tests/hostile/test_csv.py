"""The export, read back: whatever a client is called, the row is whole and the name is the name."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from model_bakery import baker

from clients.exports.cells import as_text, csv_bytes
from clients.models import Client
from tests.hostile.texts import hostile_text, often

pytestmark = pytest.mark.django_db
# What PostgreSQL can store: no zero character, no half of a surrogate pair; 150 characters at most.
names = hostile_text.map(lambda text: text.replace("\0", "")[:150].encode("utf-8", "ignore").decode()).filter(
    bool
)


@often
@given(st.lists(st.lists(names, min_size=1, max_size=7), max_size=5))
def test_every_cell_comes_back(rows):
    read = csv.reader(io.StringIO(csv_bytes(rows).decode(), newline=""))
    assert list(read) == rows


def test_every_name_comes_back_from_the_page(learner_client, milestones):
    @often
    @given(st.lists(names, min_size=1, max_size=5))
    def export(found):
        Client.objects.all().delete()
        for number, name in enumerate(found):
            baker.make(Client, name=name, email=f"c{number}@mail.com", phone="")
        body = b"".join(learner_client.get("/clients/export.csv")).decode("utf-8-sig")
        rows = list(csv.reader(io.StringIO(body, newline="")))[1:]
        assert {len(row) for row in rows} == {7}
        assert [row[0] for row in rows] == [as_text(name) for name in reversed(found)]

    export()
