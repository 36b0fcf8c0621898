"""Rows of one moment: a database may read them in any order, and in another one the next time."""

from datetime import UTC, datetime

from django.db import connection
from model_bakery import baker
from model_bakery.recipe import seq

from clients.models import Client

MOMENT = datetime(2024, 1, 1, tzinfo=UTC)


def clients_of_one_moment(number: int) -> list[Client]:
    """So many clients with one `created_at`, the last made first."""
    made = baker.make(Client, name=seq("Client "), _quantity=number, _bulk_create=True)
    Client.objects.update(created_at=MOMENT)
    return made[::-1]


def read_in_another_way() -> None:
    """From here on the database reads clients in another order than before, as it may at any time.

    Without its index SQLite reads by row number. PostgreSQL reads the rows as they lie, and the half of them that is
    written anew lies at the end. The test's own transaction brings the index back.
    """
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX IF EXISTS client_newest_first")
        cursor.execute("UPDATE clients_client SET phone = '1' WHERE id % 2 = 0")
