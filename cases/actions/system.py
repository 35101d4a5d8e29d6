"""What the product does by itself."""

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from cases.actors import SYSTEM
from cases.ledger import record
from cases.models import APPROVABLE, EXEMPT_STATES, Case, EventKind, Flag
from subscriptions.judging import judge
from subscriptions.models import OfferChange
from subscriptions.policy.versions import active_policy

AT_ONCE = 10_000


def note_offer_changes(most: int = 1000) -> int:
    """Look at subscriptions whose offer an import changed; flag what the policy no longer allows.

    Nothing is taken away here: a reviewer decides. Returns how many changes of exempt
    subscriptions were looked at.
    """
    while _pass_over_others():
        pass
    noted = 0
    while noted < most and _note_next_change():
        noted += 1
    return noted


def _pass_over_others() -> int:
    """Note changes where nothing is exempt, many at once: an import may change a million.

    Whoever starts an exemption judges by the facts as they are, with the subscription locked. So
    one that is not seen here was, or will be, judged by what the import wrote.
    """
    exempt = Case.objects.filter(subscription=OuterRef("subscription"), state__in=EXEMPT_STATES)
    others = OfferChange.objects.filter(~Exists(exempt), noted_at=None)
    some = list(others.order_by("id").values_list("pk", flat=True)[:AT_ONCE])
    return OfferChange.objects.filter(pk__in=some, noted_at=None).update(noted_at=timezone.now())


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
