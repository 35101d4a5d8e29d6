"""Cases as rules look at them, from rounds of checks that have ended."""

from collections.abc import Collection, Mapping, Sequence

from django.db.models import OuterRef, QuerySet, Subquery

from cases.antifraud.rules.document import Looked
from cases.models import CaseEvent, CheckRound, EventKind, Finding, SignalRow

Findings = Mapping[str, str]


def with_state_then(rounds: QuerySet[CheckRound]) -> QuerySet[CheckRound]:
    """Ended rounds, each with ``state_then``: where its case stood as it ended."""
    ended = CaseEvent.objects.filter(case=OuterRef("case_id"), kind=EventKind.CHECKS_ENDED)
    own = ended.filter(at__gte=OuterRef("ended_at")).order_by("seq")
    return rounds.annotate(state_then=Subquery(own.values("to_state")[:1]))


def look_at(check_round: CheckRound, state: str, findings: Findings) -> Looked:
    """The round's case as it stood in ``state``; today's flag says nothing of one that is closed."""
    case = check_round.case
    return Looked(
        state=state,
        flag=case.flag if case.is_open else "",
        band=check_round.band,
        outcome=case.outcome,
        family=case.family,
        partner_number=case.partner.number if case.partner else "",
        daily_volume=case.daily_volume,
        findings=dict(findings),
    )


def findings_of(rounds: Sequence[CheckRound], parts: Collection[str]) -> dict[int, dict[str, str]]:
    """For each round, by its id, the worst finding of each of the parts. One query, or none."""
    found: dict[int, dict[str, str]] = {check_round.pk: {} for check_round in rounds}
    if not parts:
        return found
    rows = SignalRow.objects.filter(run__round__in=rounds, part__in=parts)
    for round_id, part, finding in rows.values_list("run__round", "part", "finding"):
        both = found[round_id].get(part, finding), finding
        found[round_id][part] = min(both, key=lambda each: Finding(each).rank)
    return found
