"""The guard stands over exemptions, bands, and what was written and found; exemptions are as events say."""

from pathlib import Path

from django.db import migrations

HERE = Path(__file__).parent
AS_EVENTS_SAY = (HERE / "exemptions_at_events.sql").read_text()
GUARD = (HERE / "guard_of_exemptions.sql").read_text()

TRIGGERS = {
    "cases_exemption": ["exemptions_follow_events", "exemptions_stay", "exemptions_stay_all"],
    "cases_case": ["exempt_while_approved", "exempt_if_born_approved", "cases_band_by_checks"],
    "cases_casemessage": ["messages_stay", "messages_stay_all"],
    "cases_privatenote": ["notes_stay", "notes_stay_all"],
    "cases_attestation": ["attestations_stay", "attestations_stay_all"],
    "cases_signalrow": ["signals_stay", "signals_stay_all"],
    "cases_checkround": ["ended_rounds_stay", "rounds_stay", "rounds_stay_all"],
}
UNGUARD = [f"DROP TRIGGER {name} ON {table}" for table, names in TRIGGERS.items() for name in names]
UNGUARD += ["DROP FUNCTION cases_check_exemption, cases_check_running, cases_check_band"]


class Migration(migrations.Migration):
    dependencies = [("cases", "0009_one_index_for_each_question")]

    operations = [
        migrations.RunSQL([AS_EVENTS_SAY], migrations.RunSQL.noop),
        migrations.RunSQL([GUARD], UNGUARD),
    ]
