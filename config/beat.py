"""The Celery application that beat runs on: the schedule alone, without Django's apps and without the tasks.

Beat sends names of tasks. Loading what they do would double its memory, and delay the start of everything.
"""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("unblock_desk_beat", fixups=[])
app.config_from_object("django.conf:settings", namespace="CELERY")
