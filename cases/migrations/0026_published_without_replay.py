"""What was published without a replay beside the version in force then stays said of it.

Of drafts published before, it is read once from what stands: their replay, and the versions of then.
Nobody rewrites what happened: the column is new, and nothing else of the rows is touched.
"""

from django.db import migrations, models

FROM_WHAT_STANDS = """
    ALTER TABLE cases_draftchange DISABLE TRIGGER draft_changes_stay;
    UPDATE cases_draftchange change SET without_replay = true
    FROM cases_policydraft draft
    WHERE draft.id = change.draft_id AND change.state = 'published'
      AND coalesce(draft.replay ->> 'against', '') IS DISTINCT FROM (
        SELECT version.id FROM subscriptions_policyversion version
        WHERE version.effective_from <= change.at AND version.loaded_at <= change.at
          AND version.id <> draft.version_id
        ORDER BY version.effective_from DESC LIMIT 1
      );
    ALTER TABLE cases_draftchange ENABLE TRIGGER draft_changes_stay;
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0025_what_a_check_still_asks")]

    operations = [
        migrations.AddField(
            "draftchange", "without_replay", models.BooleanField(db_default=False, default=False)
        ),
        migrations.RunSQL(FROM_WHAT_STANDS, migrations.RunSQL.noop),
    ]
