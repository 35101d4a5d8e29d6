"""Facts of customers, each with its source and date, and what the columns say carried over."""

from pathlib import Path

from django.db import migrations, models
from django.db.models import Value

HERE = Path(__file__).parent
CARRY = (HERE / "carry_facts.sql").read_text()
CARRY_BACK = (HERE / "carry_facts_back.sql").read_text()


class Migration(migrations.Migration):
    dependencies = [("subscriptions", "0004_lists_serve_foreign_keys")]

    operations = [
        migrations.AddField(
            model_name="customer",
            name="facts",
            field=models.JSONField(blank=True, default=dict, db_default=Value({}, models.JSONField())),
        ),
        migrations.RunSQL([CARRY], [CARRY_BACK]),
    ]
