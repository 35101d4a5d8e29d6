"""The database's own guard over states, events and decisions."""

from pathlib import Path

from django.db import migrations

# The moves of the state machine as of this migration; a test holds them against the machine.
MOVES = [
    ("new", "submitted"),
    ("submitted", "rejected"),
    ("submitted", "not_needed"),
    ("submitted", "with_partner"),
    ("submitted", "in_review"),
    ("submitted", "withdrawn"),
    ("with_partner", "in_review"),
    ("with_partner", "declined"),
    ("with_partner", "withdrawn"),
    ("in_review", "awaiting_answer"),
    ("in_review", "approved"),
    ("in_review", "denied"),
    ("in_review", "withdrawn"),
    ("awaiting_answer", "in_review"),
    ("awaiting_answer", "withdrawn"),
    ("approved", "suspended"),
    ("approved", "revoked"),
    ("suspended", "approved"),
    ("suspended", "revoked"),
    ("rejected", "submitted"),
]

IS_MOVE = """
CREATE FUNCTION cases_is_move(from_state text, to_state text) RETURNS boolean
    LANGUAGE sql IMMUTABLE AS $$ SELECT (from_state, to_state) IN ({moves}) $$;
""".format(moves=", ".join(f"('{start}', '{end}')" for start, end in MOVES))

GUARD = (Path(__file__).parent / "guard.sql").read_text()

UNGUARD = """
DROP TRIGGER events_end_with_cases ON cases_caseevent;
DROP TRIGGER cases_end_with_events ON cases_case;
DROP TRIGGER cases_stay ON cases_case;
DROP TRIGGER cases_move_by_events ON cases_case;
DROP TRIGGER decisions_stay_all ON cases_decision;
DROP TRIGGER decisions_stay ON cases_decision;
DROP TRIGGER events_stay_all ON cases_caseevent;
DROP TRIGGER events_stay ON cases_caseevent;
DROP TRIGGER events_follow ON cases_caseevent;
DROP FUNCTION cases_check_ending, cases_check_update, cases_check_event, cases_refuse_change, cases_is_move;
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_initial")]

    operations = [
        migrations.RunSQL(IS_MOVE, migrations.RunSQL.noop),
        # In lists each text is sent as it is; alone it would be cut at its semicolons, those of functions too.
        migrations.RunSQL([GUARD], [UNGUARD]),
    ]
