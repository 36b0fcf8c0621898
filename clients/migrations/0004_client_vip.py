from django.db import migrations, models


class Migration(migrations.Migration):
    """Milestone 11: VIP clients."""

    dependencies = [("clients", "0003_order")]

    operations = [
        migrations.AddField(
            model_name="client", name="vip", field=models.BooleanField(default=False, verbose_name="VIP")
        ),
    ]
