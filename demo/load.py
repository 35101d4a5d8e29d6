"""Loading the demo world: the cast from its tables, then every story by the real actions."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.conf import settings
from django.core.management import call_command
from django.db import transaction
from django.db.models import F, Func, Value
from django.test import override_settings
from django.utils.module_loading import import_string

from cases.actions.check_runs import make_check
from cases.models import CheckRun
from demo.cast import make_cast
from demo.clock import clock_at
from demo.outside import Outside, running
from demo.stage import Stage, perform
from demo.stories import STORIES
from engines.outside import BLOCKLIST
from outbox.models import KeptMail, Message
from outbox.put import NewMessage, put
from outbox.relay import Handler

BEGAN = timedelta(days=60)
ON_ITS_WAY = timedelta(seconds=8)
"""How long after an event its mails arrive."""


def load_demo_world(today: datetime) -> None:
    """Make the demo world as of ``today``: all of it, or nothing where this is interrupted."""
    outside = Outside(today, is_before_mended=True)
    with transaction.atomic(), clock_at(today - BEGAN) as clock, _asked_of(outside):
        call_command("load_shipped")  # under the clock: what is judged by came before what it judged
        stage = Stage(make_cast(today), clock, today, outside)
        perform([tell(stage) for tell in STORIES], stage, after_each=lambda: _deliver_mail(stage))
        _date_kept_mail()


@contextmanager
def _asked_of(outside: Outside) -> Iterator[None]:
    """Within, checks ask the demo's world outside and nobody else, whatever the environment names."""
    with running(outside) as reached, override_settings(BLOCKLISTS=[BLOCKLIST], **reached):
        yield


def _deliver_mail(stage: Stage) -> None:
    """Send what the step called for, some seconds later.

    The handlers are the outbox's own. Its relay's claims and leases are of no use here: before
    the commit nobody else sees these messages. A message's times are the database's, whose clock
    nobody moved, and are set to ours.
    """
    event_at = stage.clock.moment
    sent_at = stage.clock.moment = min(event_at + ON_ITS_WAY, stage.today)
    times = {"created_at": event_at, "next_attempt_at": event_at, "sent_at": sent_at}
    while waiting := list(Message.objects.filter(sent_at=None).order_by("pk")):
        for message in waiting:
            put(_handle(message, stage))
        Message.objects.filter(pk__in=[message.pk for message in waiting]).update(attempts=1, **times)


def _handle(message: Message, stage: Stage) -> Sequence[NewMessage]:
    if message.topic == "checks.run":  # no worker sees the round before the commit
        if message.payload["reference"] not in stage.left_unchecked:
            _make_checks(message.payload["reference"])
        return ()
    handler: Handler = import_string(settings.OUTBOX_HANDLERS[message.topic])
    return handler(message.payload)


def _make_checks(reference: str) -> None:
    runs = CheckRun.objects.filter(round__case__reference=reference, ended_at=None)
    for run_id in runs.values_list("pk", flat=True):
        make_check(run_id)


def _date_kept_mail() -> None:
    """Django dates a mail by the system's clock: the header ``Date`` follows the time it was kept."""
    written = Func(F("kept_at"), Value("Dy, DD Mon YYYY HH24:MI:SS +0000"), function="to_char")
    as_json = Func(written, function="to_jsonb")
    KeptMail.objects.update(headers=Func(F("headers"), Value("{Date}"), as_json, function="jsonb_set"))
