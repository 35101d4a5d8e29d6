"""What the product does by itself."""

from django.db import transaction
from django.utils import timezone

from cases.actors import SYSTEM
from cases.ledger import record
from cases.models import APPROVABLE, EXEMPT_STATES, Case, EventKind, Flag
from subscriptions.judging import judge
from subscriptions.models import OfferChange
from subscriptions.policy.versions import active_policy


def note_offer_changes(most: int = 1000) -> int:
    """Look at subscriptions whose offer an import changed; flag what the policy no longer allows.

    Nothing is taken away here: a reviewer decides. Returns how many changes were looked at.
    """
    noted = 0
    while noted < most and _note_next_change():
        noted += 1
    return noted


def _note_next_change() -> bool:
    with transaction.atomic():
        changes = OfferChange.objects.filter(noted_at=None).select_for_update(skip_locked=True)
        change = changes.order_by("id").first()
        if change is None:
            return False
        _flag_if_out_of_policy(change)
        OfferChange.objects.filter(pk=change.pk).update(noted_at=timezone.now())
    return True


def _flag_if_out_of_policy(change: OfferChange) -> None:
    rows = Case.objects.filter(subscription_id=change.subscription_id, state__in=EXEMPT_STATES)
    case = rows.select_related("subscription__customer").select_for_update(of=("self",)).first()
    if case is None:
        return
    now = timezone.now()
    judged = judge(case.subscription, active_policy(now), now)
    if judged.outcome in APPROVABLE:
        return
    case.flag = Flag.OUT_OF_POLICY
    data = {
        "flag": Flag.OUT_OF_POLICY.value,
        "outcome": str(judged.outcome),
        "before": change.before,
        "after": change.after,
    }
    record(case, EventKind.FLAGGED, by=SYSTEM, data=data)
