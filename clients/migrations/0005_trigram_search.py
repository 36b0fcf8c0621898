"""Milestone 4 at a million clients: trigram indexes for "contains" on PostgreSQL; nothing to do elsewhere."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

# Django writes icontains as UPPER(column::text) LIKE UPPER(pattern), so that is what is indexed.
CREATE = [
    "CREATE EXTENSION IF NOT EXISTS pg_trgm",
    "CREATE INDEX client_name_trigrams ON clients_client USING gin (UPPER(name::text) gin_trgm_ops)",
    "CREATE INDEX client_email_trigrams ON clients_client USING gin (UPPER(email::text) gin_trgm_ops)",
]
DROP = ["DROP INDEX IF EXISTS client_name_trigrams", "DROP INDEX IF EXISTS client_email_trigrams"]


def create(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    run_on_postgresql(schema_editor, CREATE)


def drop(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    run_on_postgresql(schema_editor, DROP)


def run_on_postgresql(schema_editor: BaseDatabaseSchemaEditor, statements: list[str]) -> None:
    if schema_editor.connection.vendor == "postgresql":
        for statement in statements:
            schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("clients", "0004_client_vip")]

    operations = [migrations.RunPython(create, drop)]
