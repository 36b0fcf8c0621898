"""The same rows, found by the database in another order each time, as happens in real life: after an update, a restored
backup, or when PostgreSQL chooses another plan. Only an ORDER BY that leaves no two rows equal is immune to it.
"""

from collections.abc import Iterator

from django.db import connection, models

# The index that a list is read by breaks ties by accident, so a missing last word of ORDER BY does not show with it.
WAYS = ("by an index", "without an index", "after the rows were written anew")


def found_differently(model: type[models.Model], field: str) -> Iterator[str]:
    """What was done, once for each way; `field` is a column of text that may be written. Undone with the test."""
    yield WAYS[0]
    drop_indexes(model)
    yield WAYS[1]
    # PostgreSQL appends a changed row to the end of its table.
    for pk in model._default_manager.order_by("-pk").values_list("pk", flat=True):
        model._default_manager.filter(pk=pk).update(**{field: "moved"})
    yield WAYS[2]


def drop_indexes(model: type[models.Model]) -> None:
    """All that speed up reading; those that guard the table stay."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, table)
        for name, about in found.items():
            if about["index"] and not about["unique"] and not about["primary_key"]:
                cursor.execute(f"DROP INDEX {connection.ops.quote_name(name)}")
