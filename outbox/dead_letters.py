"""Messages that were given up: what an operator sees of them, and trying them again."""

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Now

from outbox.models import Message
from outbox.put import wake
from outbox.relay import LEASE, WAITING


def dead_letters() -> QuerySet[Message]:
    """Each parked message, oldest first, with ``is_overtaken``.

    Overtaken: a later message of the thread has left, or is leaving now. Such a one is never
    sent again, since it would tell of the past as if it were news: a late "approved" after
    "revoked".
    """
    is_leaving = Q(WAITING, attempts__gt=0, next_attempt_at__gt=Now(), next_attempt_at__lte=Now() + LEASE)
    later = Message.objects.filter(thread=OuterRef("thread"), pk__gt=OuterRef("pk"))
    overtaken = Exists(later.filter(Q(sent_at__isnull=False) | is_leaving))
    return Message.objects.exclude(parked_at=None).annotate(is_overtaken=overtaken).order_by("id")


def retry(letters: QuerySet[Message]) -> int:
    """Let those of ``dead_letters()`` leave that nothing has overtaken; returns how many.

    Each starts anew, with all its attempts; what stands in ``last_error`` stays until it is sent.
    """
    again = letters.filter(is_overtaken=False)  # type: ignore[misc]  # annotated
    count = again.update(parked_at=None, attempts=0, next_attempt_at=Now())
    wake()
    return count
