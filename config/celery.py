"""The Celery application: tasks are found in each app's ``tasks.py``."""

import gc
import os
import signal

from celery import Celery
from celery.signals import worker_before_create_process, worker_process_init

from engines.process import stop_with_parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("unblock_desk")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_before_create_process.connect
def share_what_is_loaded(**_: object) -> None:
    """Before each fork: what the collector does not touch in the child stays one memory with ours (15 MB of each)."""
    gc.freeze()


@worker_process_init.connect
def end_with_worker(**_: object) -> None:
    """Killed, a worker cannot end those that do its tasks; the kernel does it then."""
    stop_with_parent(signal.SIGKILL)
