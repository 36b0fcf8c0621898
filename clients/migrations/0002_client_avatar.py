from django.db import migrations

import clients.fields


class Migration(migrations.Migration):
    """Milestone 6: the avatar."""

    dependencies = [("clients", "0001_client")]

    operations = [
        migrations.AddField(
            model_name="client",
            name="avatar",
            field=clients.fields.AvatarField(blank=True, upload_to="avatars/"),
        ),
    ]
