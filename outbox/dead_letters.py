"""Messages that were given up: what an operator sees of them, and trying them again."""

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet
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
    later = Message.objects.filter(thread=OuterRef("thread"), pk__gt=OuterRef("pk"))
    soon = Now() + LEASE
    leaving = later.filter(WAITING, attempts__gt=0, next_attempt_at__gt=Now(), next_attempt_at__lte=soon)
    overtaken = Q(Exists(later.filter(sent_at__isnull=False))) | Q(Exists(leaving))
    letters = Message.objects.exclude(parked_at=None).order_by("id")
    return letters.annotate(is_overtaken=ExpressionWrapper(overtaken, BooleanField()))


def retry(letters: QuerySet[Message]) -> int:
    """Let those of ``dead_letters()`` leave that nothing has overtaken; returns how many.

    Each starts anew, with all its attempts; what stands in ``last_error`` stays until it is sent.
    """
    again = letters.filter(is_overtaken=False)  # type: ignore[misc]  # annotated
    count = again.update(parked_at=None, attempts=0, next_attempt_at=Now())
    wake()
    return count
