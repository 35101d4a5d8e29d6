"""A draft's replay is empty by the database's own default, as a rule's is."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0022_one_message_per_key")]

    operations = [
        migrations.AlterField(
            "policydraft", "replay", models.JSONField(blank=True, db_default={}, default=dict)
        ),
    ]
