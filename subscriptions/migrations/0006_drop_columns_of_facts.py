"""The columns that facts had before: 0005 carried what they said."""

from django.db import migrations

COLUMNS = (
    "account_opened_on",
    "paid_invoices",
    "paid_total_usd",
    "is_identity_verified",
    "facts_as_of",
    "facts_source",
)


class Migration(migrations.Migration):
    dependencies = [("subscriptions", "0005_facts_with_source_and_date")]

    operations = [migrations.RemoveField(model_name="customer", name=name) for name in COLUMNS]
