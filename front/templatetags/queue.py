"""The queue's rows, drawn by one tag, and what stands of a case in its row and on its page alike."""

from collections.abc import Sequence

from django import template
from django.urls import reverse
from django.utils.safestring import SafeString

from cases.models import Case, State
from cases.views.reviewer.queue import Row
from front.markup import filled, joined
from front.templatetags.desk import age, chip, icon, near
from subscriptions.policy.outcome import Outcome

register = template.Library()

ROW = """
          <tr data-row>
            <td data-label="Due"><span>{due}</span></td>
            <th scope="row"><a class="mono" href="{address}" data-row-link>{reference}</a></th>
            <td data-label="Customer" title="{customer}"><span>{customer}</span></td>
            <td data-label="Subscription" title="{subscription}"><span>{subscription}</span></td>
            <td data-label="Family" title="{family}"><span>{family_or_unknown}</span></td>
            <td data-label="Outcome"><span>{outcome}</span></td>
            {partner}
            {state}
            <td data-label="Band"><span>{band}</span></td>
            <td data-label="Why here"><span class="why-here">{why_here}</span></td>
            <td data-label="Age" class="number"><span>{age}</span></td>
          </tr>"""
PARTNER = '<td data-label="Partner" title="{name}"><span>{name}</span></td>'
NO_PARTNER = SafeString(
    '<td data-label="Partner"><span><span class="muted nothing">&ndash;</span></span></td>'
)
STATE = '<td data-label="State"><span>{state}</span></td>'
NONE = SafeString('<span class="muted">&ndash;</span>')
LATE = '<span class="due is-late">{icon}<span>{age} late</span></span>'
DUE = '<span class="due">{near}</span>'
PAUSED = '<span class="due muted">{icon}paused</span>'
OPEN_QUESTION = (
    '{chips}<span title="{question}">{chip}<span class="visually-hidden">: {question}</span></span>'
)


@register.simple_tag
def queue_rows(rows: Sequence[Row], is_of_one_state: object) -> SafeString:
    """The body of the queue's table; where all are of one state, none repeats it."""
    return joined(_row(row, is_of_one_state=bool(is_of_one_state)) for row in rows)


@register.simple_tag
def due(case: Case, is_late: bool) -> SafeString:
    """By when it is due, in words and colour."""
    if is_late:
        return filled(LATE, icon=icon("clock"), age=age(case.due_at))
    if case.due_at:
        return filled(DUE, near=near(case.due_at))
    return NONE if case.due_left is None else filled(PAUSED, icon=icon("pause"))


@register.simple_tag
def why_here(case: Case, *, question: str | None, is_vouched: object, is_answered: object) -> SafeString:
    """Why a case needs a person, as chips."""
    reasons = {
        "answered": is_answered and case.state == State.IN_REVIEW,
        case.flag: case.flag,
        "vouched": is_vouched,
    }
    chips = joined(chip(reason) for reason, holds in reasons.items() if holds)
    if case.outcome != Outcome.CANNOT_TELL:
        return chips
    unclear = chip(case.outcome, "Cannot tell")
    return filled(OPEN_QUESTION, chips=chips, question=question or "", chip=unclear)


def _row(row: Row, *, is_of_one_state: bool) -> SafeString:
    case = row.case
    return filled(
        ROW,
        due=due(case, row.is_late),
        address=reverse("review:case", args=[case.reference]),
        reference=case.reference,
        customer=case.customer.name,
        subscription=case.subscription.name,
        family=row.family,
        family_or_unknown=row.family or "unknown",
        outcome=row.outcome,
        partner=filled(PARTNER, name=case.partner.name) if case.partner else NO_PARTNER,
        state="" if is_of_one_state else filled(STATE, state=chip(case.state, row.state)),
        band=chip(case.band) if case.band else NONE,
        why_here=why_here(
            case,
            question=case.question,  # type: ignore[attr-defined]  # annotated
            is_vouched=case.is_vouched,  # type: ignore[attr-defined]  # annotated
            is_answered=case.is_answered,  # type: ignore[attr-defined]  # annotated
        ),
        age=age(case.submitted_at),
    )
