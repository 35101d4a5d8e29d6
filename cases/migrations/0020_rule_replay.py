"""A rule keeps what its last replay over all history came to, and when; a flag's words hold for a new policy too."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0010_guard_of_exemptions")]

    operations = [
        migrations.AddField("autorule", "replay", models.JSONField(blank=True, db_default={}, default=dict)),
        migrations.AddField("autorule", "replay_asked_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddField("autorule", "replayed_at", models.DateTimeField(blank=True, null=True)),
        migrations.AlterField(
            "case",
            "flag",
            models.CharField(
                blank=True,
                choices=[
                    ("data_disputed", "The customer says that the data is wrong"),
                    ("out_of_policy", "The policy no longer allows the exemption"),
                ],
                max_length=16,
            ),
        ),
    ]
