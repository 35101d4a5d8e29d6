"""A form that is sent twice makes one message."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0021_checks_awaited"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            "casemessage", "idempotency_hash", models.CharField(blank=True, max_length=64, null=True)
        ),
        migrations.AddConstraint(
            "casemessage",
            models.UniqueConstraint(
                fields=("case", "author", "idempotency_hash"), name="one_case_message_per_key"
            ),
        ),
    ]
