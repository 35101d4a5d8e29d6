"""What the product does by itself."""

from datetime import datetime
from itertools import islice
from typing import Any

import structlog
from django.db import InterfaceError, OperationalError, transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from cases.actors import SYSTEM
from cases.ledger import record
from cases.models import APPROVABLE, EXEMPT_STATES, Case, CaseEvent, EventKind, Flag
from cases.telling import messages_of_flags
from outbox.put import NewMessage, put
from subscriptions.judging import facts_of, judge
from subscriptions.models import OfferChange
from subscriptions.policy.bulk import Outcomes
from subscriptions.policy.document import Policy
from subscriptions.policy.source import PolicyError
from subscriptions.policy.versions import NoPolicy, active_policy, policy_before, policy_version

log = structlog.get_logger(__name__)

AT_ONCE = 10_000
CASES_AT_ONCE = 2000
OF_ALL_ALIKE = (InterfaceError, OperationalError, NoPolicy, PolicyError, MemoryError)
"""What befalls every change alike, as where the database is away: it ends a sweep."""


def note_offer_changes(most: int = 1000) -> int:
    """Look at subscriptions whose offer an import changed; flag what the policy no longer allows.

    Nothing is taken away here: a reviewer decides. Reviewers are told once all are looked at, and
    a change counts as noted from then on: where this was killed in the middle, the next sweep looks
    at them again, flags nobody twice, and tells of all. One that cannot be judged holds up no other;
    each sweep tries it again. Returns how many changes of exempt subscriptions were looked at, at
    most ``most``.
    """
    while _pass_over_others():
        pass
    waiting = OfferChange.objects.filter(noted_at=None).order_by("id").iterator(most)
    return _note_and_tell(list(islice((change.pk for change in waiting if _is_looked_at(change)), most)))


def _is_looked_at(change: OfferChange) -> bool:
    try:
        _flag_if_out_of_policy(change)
    except OF_ALL_ALIKE:
        raise
    except Exception as error:  # whatever one change meets, the others are looked at
        log.exception("offer_change.not_looked_at", change=change.pk, error=repr(error))
        return False
    return True


def _pass_over_others() -> int:
    """Note changes where nothing is exempt, many at once: an import may change a million.

    Whoever starts an exemption judges by the facts as they are, with the subscription locked. So
    one that is not seen here was, or will be, judged by what the import wrote.
    """
    exempt = Case.objects.filter(subscription=OuterRef("subscription"), state__in=EXEMPT_STATES)
    others = OfferChange.objects.filter(~Exists(exempt), noted_at=None)
    some = list(others.order_by("id").values_list("pk", flat=True)[:AT_ONCE])
    return OfferChange.objects.filter(pk__in=some, noted_at=None).update(noted_at=timezone.now())


@transaction.atomic
def _note_and_tell(changes: list[int]) -> int:
    """Of two sweeps at once the second finds these noted, and tells nobody."""
    waiting = OfferChange.objects.filter(pk__in=changes, noted_at=None).order_by("id")
    noted = list(waiting.select_for_update().values_list("pk", flat=True))
    if noted:
        OfferChange.objects.filter(pk__in=noted).update(noted_at=timezone.now())
        put(messages_of_flags(f"flagged/offers/{noted[0]}", {"changes": noted}))
    return len(noted)


@transaction.atomic
def _flag_if_out_of_policy(change: OfferChange) -> None:
    rows = Case.objects.filter(subscription_id=change.subscription_id, state__in=EXEMPT_STATES)
    case = rows.select_related("subscription__customer").select_for_update(of=("self",)).first()
    if case is None or _flags_of(case.pk, {"change": change.pk}).exists():
        return
    now, changed = timezone.now(), {"before": change.before, "after": change.after}
    _flag_where_forbidden(case, active_policy(now), now, change=change.pk, **changed)


def _flags_of(case_id: int, changed: dict[str, Any]) -> QuerySet[CaseEvent]:
    """By which this change put the case's exemption in question: once, whoever cleared it since."""
    return CaseEvent.objects.filter(case=case_id, kind=EventKind.FLAGGED, data__contains=changed)


def note_policy_in_force() -> None:
    """Have exemptions looked at by the version in force, once after it took over from another."""
    try:
        policy = active_policy()
    except NoPolicy:
        return
    key = f"policies.in_force/{policy.id}"
    put([NewMessage(topic="policies.in_force", key=key, thread=key, payload={"policy": policy.id})])


def flag_by_policy(policy_id: str) -> int:
    """Flag the exempt cases that the version before let be and this one does not; returns how many.

    A flag that an earlier version left is taken back where this one allows the exemption, as after a
    roll back: nobody has to decide what is in order. Nothing else is taken away here: a reviewer
    decides. Done twice it flags nobody twice. Who is told of them: ``messages_of_flags``.
    """
    policy = policy_version(policy_id)
    before = policy_before(policy)
    if before is None:
        return 0
    now = timezone.now()
    was, will_be = Outcomes(before, now), Outcomes(policy, now)
    cases = Case.objects.filter(state__in=EXEMPT_STATES).select_related("subscription__customer")
    flagged = 0
    for case in cases.iterator(CASES_AT_ONCE):
        facts = facts_of(case.subscription, now)
        if will_be.of(facts) in APPROVABLE:
            _allow_again(case, policy)
        elif case.flag != Flag.OUT_OF_POLICY and was.of(facts) in APPROVABLE:
            flagged += _flag_by_policy(case.pk, before, policy)
    return flagged


def _allow_again(case: Case, policy: Policy) -> None:
    if case.flag != Flag.OUT_OF_POLICY:
        return
    with transaction.atomic():
        flagged = Case.objects.filter(pk=case.pk, state__in=EXEMPT_STATES, flag=Flag.OUT_OF_POLICY)
        locked = flagged.select_related("subscription__customer").select_for_update(of=("self",)).first()
        if locked is None or judge(locked.subscription, policy, timezone.now()).outcome not in APPROVABLE:
            return
        locked.flag = ""
        why = f"{policy.id}, the version in force now, allows the exemption."
        record(locked, EventKind.FLAG_CLEARED, by=SYSTEM, data={"flag": Flag.OUT_OF_POLICY.value, "why": why})


def _flag_by_policy(case_id: int, before: Policy, policy: Policy) -> bool:
    changed = {"before": {"policy": before.id}, "after": {"policy": policy.id}}
    with transaction.atomic():
        rows = Case.objects.filter(pk=case_id, state__in=EXEMPT_STATES)
        case = rows.select_related("subscription__customer").select_for_update(of=("self",)).first()
        if case is None or case.flag == Flag.OUT_OF_POLICY or _flags_of(case_id, changed).exists():
            return False
        return _flag_where_forbidden(case, policy, timezone.now(), **changed)


def _flag_where_forbidden(case: Case, policy: Policy, now: datetime, **changed: Any) -> bool:
    """Whether the policy forbids the locked case's exemption, which is then flagged."""
    judged = judge(case.subscription, policy, now)
    if judged.outcome in APPROVABLE:
        return False
    case.flag = Flag.OUT_OF_POLICY
    data = {"flag": Flag.OUT_OF_POLICY.value, "outcome": str(judged.outcome), **changed}
    record(case, EventKind.FLAGGED, by=SYSTEM, data=data)
    return True
