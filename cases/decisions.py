"""Drafting decisions: the row, with its notice, unsaved; an action saves it with the move."""

from collections.abc import Sequence
from datetime import datetime

from cases.actors import Actor
from cases.models import Case, Decision, ReasonCode, Verb
from cases.notices.statement import ReasonText, statement
from cases.refusals import Invalid
from subscriptions.policy.document import Policy


def draft(
    case: Case,
    verb: Verb,
    *,
    by: Actor,
    policy: Policy,
    at: datetime,
    reasons: Sequence[ReasonText] = (),
    text: str = "",
    private_note: str = "",
    exempt_by: str | None = None,
) -> Decision:
    """An unsaved decision, its notice made from the case as it stands."""
    notice = statement(
        case,
        verb,
        policy=policy,
        at=at,
        is_automated=by.is_system,
        reasons=reasons,
        text=text,
        exempt_by=exempt_by,
    )
    return Decision(
        case=case,
        verb=verb,
        reasons=[reason.code for reason in notice.reasons],
        text=text,
        private_note=private_note,
        policy_id=policy.id,
        made_by_id=by.user_id,
        is_automated=by.is_system,
        made_at=at,
        notice=notice.as_json(),
    )


def reasons_of(codes: Sequence[str], verb: Verb) -> list[ReasonText]:
    """The words of reason codes, in the list's order.

    Raises ``Invalid`` where one does not exist or does not fit ``verb``, and where there is none.
    """
    found = {
        r.code: r for r in ReasonCode.objects.filter(code__in=codes, verbs__contains=[verb], is_active=True)
    }
    unknown = [code for code in codes if code not in found]
    if unknown or not found:
        named = f" {', '.join(unknown)} does not fit." if unknown else ""
        raise Invalid({"reasons": f"Choose at least one of the reasons for this decision.{named}"})
    return [ReasonText(r.code, r.title, r.text, r.would_change) for r in found.values()]
