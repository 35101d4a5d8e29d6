"""Reasons may speak of complaints, and a signal may point at a customer."""

from django.db import migrations, models

KINDS = [
    ("domain", "Domain"),
    ("address", "Address"),
    ("contact", "Contact"),
    ("phone", "Phone"),
    ("payment", "Payment fingerprint"),
    ("network", "Sign-up network"),
    ("partner", "Partner"),
    ("customer", "Customer"),
]

SHIPPED = """
UPDATE cases_reasoncode SET is_about_complaints = true WHERE code = 'abuse_reports'
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0023_replays_start_empty")]

    operations = [
        migrations.AddField(
            "reasoncode", "is_about_complaints", models.BooleanField(db_default=False, default=False)
        ),
        migrations.RunSQL(SHIPPED, migrations.RunSQL.noop),
        migrations.AlterField("casetrait", "kind", models.CharField(choices=KINDS, max_length=8)),
        migrations.AlterField(
            "signalrow", "subject_kind", models.CharField(blank=True, choices=KINDS, max_length=8)
        ),
    ]
