"""The guard holds a case to its last event, and fixes what it is about and who asked."""

from pathlib import Path

from django.db import migrations

GUARD = (Path(__file__).parent / "guard_of_the_last_event.sql").read_text()


class Migration(migrations.Migration):
    dependencies = [("cases", "0003_queue_indexes")]

    # The stricter guard holds for what was there before, and goes with it: names are the same.
    operations = [migrations.RunSQL([GUARD], migrations.RunSQL.noop)]
