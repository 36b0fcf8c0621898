import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
from django.db import migrations, models

import clients.fields


class Migration(migrations.Migration):
    """Milestone 1: the client."""

    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Client",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                (
                    "email",
                    clients.fields.LowercaseEmailField(
                        error_messages={"unique": "There is already a client with this e-mail address."},
                        max_length=254,
                        unique=True,
                    ),
                ),
                ("phone", models.CharField(blank=True, max_length=50)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
            ],
            options={
                "ordering": ["-created_at", "-id"],
                "indexes": [
                    models.Index(fields=["-created_at", "-id"], name="client_newest_first"),
                    models.Index(fields=["name", "id"], name="client_by_name"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("email", django.db.models.functions.text.Lower("email"))),
                        name="client_email_lower_case",
                        violation_error_message="An e-mail address is kept in lower case.",
                    )
                ],
            },
        ),
    ]
