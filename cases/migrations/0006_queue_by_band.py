from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0005_antifraud_rounds")]

    operations = [
        migrations.AddIndex(
            model_name="case",
            index=models.Index(fields=["band", "due_at", "id"], name="queue_b"),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(fields=["state", "band", "due_at", "id"], name="queue_sb"),
        ),
    ]
