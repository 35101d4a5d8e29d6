"""The database's own guard over policy versions: once loaded, one is never changed or removed."""

from django.db import migrations

GUARD = """
CREATE FUNCTION subscriptions_refuse_policy_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% of policy % is refused: a version stays as it was loaded', TG_OP, OLD.id
        USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER policy_versions_stay BEFORE UPDATE OR DELETE ON subscriptions_policyversion
    FOR EACH ROW EXECUTE FUNCTION subscriptions_refuse_policy_change();
"""

UNGUARD = """
DROP TRIGGER policy_versions_stay ON subscriptions_policyversion;
DROP FUNCTION subscriptions_refuse_policy_change;
"""


class Migration(migrations.Migration):
    dependencies = [("subscriptions", "0001_initial")]

    operations = [
        # In lists each text is sent as it is; alone it would be cut at its semicolons, those of functions too.
        migrations.RunSQL([GUARD], [UNGUARD]),
    ]
