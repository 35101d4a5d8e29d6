"""A run knows by when the attempt in hand has ended, so that one whose worker died is handed out again."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0020_rule_replay")]

    operations = [
        migrations.AddField("checkrun", "awaited_until", models.DateTimeField(blank=True, null=True)),
    ]
