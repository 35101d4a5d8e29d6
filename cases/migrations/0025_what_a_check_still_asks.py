"""An open run keeps the parts that are still asked for by themselves, no longer as a sentence in its error.

The sentence stays where it is: workers of the version before read it until they are restarted, and
would else take a part for answered. It goes as the run ends.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models

OUT_OF_THE_SENTENCE = """
    UPDATE cases_checkrun
    SET still_asked = string_to_array(substr(error, length('still asked for ') + 1), ', ')
    WHERE ended_at IS NULL AND error LIKE 'still asked for %'
"""
BACK_INTO_IT = """
    UPDATE cases_checkrun
    SET error = 'still asked for ' || array_to_string(still_asked, ', ')
    WHERE ended_at IS NULL AND still_asked IS NOT NULL
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0024_complaints_and_customers")]

    operations = [
        migrations.AddField(
            "checkrun",
            "still_asked",
            ArrayField(models.CharField(max_length=40), blank=True, null=True),
        ),
        migrations.RunSQL(OUT_OF_THE_SENTENCE, BACK_INTO_IT),
    ]
