"""Whoever was signed in could add any address to their account: those go, and what proves nothing with them."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import F


def remove_others(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    addresses = apps.get_model("account", "EmailAddress").objects
    addresses.exclude(email=F("user__email")).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0003_people_by_name"),
        ("account", "0009_emailaddress_unique_primary_email"),
    ]

    operations = [
        migrations.RunPython(remove_others, migrations.RunPython.noop),
    ]
