"""What the status page of a case shows, to the customer and to the partner alike (templates/case/)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from cases.actors import Actor, Side
from cases.forms import MessageForm, TextForm
from cases.machine import verbs_of
from cases.models import CLASSIFICATION, Case, EventKind
from cases.permissions import may_write
from cases.queries import case_for_page
from cases.reference import parse_reference
from cases.refusals import Invalid, NotThere, existing
from cases.status import turn_of
from cases.timeline import timeline
from subscriptions.policy.versions import policy_version

INVALID = 422
LONGEST_NUMBER = 9
DRAFTS = ("ask", "record")
JUST_SENT = timedelta(hours=1)  # what is typed later is of another request
FORMS = {"answer": TextForm, "message": MessageForm}
SAID = (EventKind.ASKED, EventKind.ANSWERED, EventKind.MESSAGE)


def canonical(reference: str) -> str:
    """The reference as it is stored, from what somebody typed or heard. Raises ``NotThere``."""
    return existing(parse_reference(reference), "case")


def case_of_room(actor: Actor, side: Side, reference: str, *, before: str = "") -> Case:
    """A case that is the room's own: a customer sees their customer's, a partner their partner's.

    ``before`` is the number in its address, as it was typed, of a message to page on from. Raises
    ``NotThere`` for every other case.
    """
    is_number = before.isascii() and before.isdigit() and len(before) <= LONGEST_NUMBER
    case = case_for_page(actor, reference, before=int(before) if is_number else None)
    is_theirs = (
        case.customer_id in actor.customers if side == Side.CUSTOMER else case.partner_id in actor.partners
    )
    if not is_theirs:
        raise NotThere("There is no such case.")
    return case


def status_context(
    case: Case,
    actor: Actor,
    side: Side,
    *,
    answer_form: TextForm | None = None,
    message_form: TextForm | None = None,
    is_back: bool = False,
) -> dict[str, Any]:
    """What ``case/status.html`` takes of either side; the forms are given where they have errors to show.

    ``is_back`` says that its messages are not the newest.
    """
    policy = policy_version(case.policy_id)
    entries = timeline(side, case.events.all(), case.messages.all(), case.decisions.all())
    said = [entry for entry in entries if entry.kind in SAID]
    asked = [entry for entry in said if entry.kind == EventKind.ASKED]
    notices = [entry.notice for entry in entries if entry.notice is not None]
    return {
        "case": case,
        "side": side,
        "policy": policy,
        "classification": CLASSIFICATION,
        "turn": turn_of(case, side, policy),
        "entries": entries,
        "said": said,
        "question": asked[-1] if asked else None,
        "readiness_url": f"{reverse(f'{side}:readiness')}?case={case.reference}",
        "notice": notices[-1] if notices and not case.is_open else None,
        "verbs": verbs_of(case, actor),
        "may_write": may_write(case, actor),
        "answer_form": answer_form or TextForm(label="Your answer", prefix="answer"),
        "message_form": message_form or MessageForm(label="Your message", prefix="message"),
        "wrong_form": answer_form or message_form,
        "is_back": is_back,
    }


def sent_context(case: Case, actor: Actor, side: Side) -> dict[str, Any]:
    """What is read right after sending; ``sent_drafts`` are what the browser may forget now."""
    is_new = timezone.now() - case.submitted_at < JUST_SENT
    drafts = [f"{form}-{case.subscription_id}" for form in DRAFTS] if is_new else []
    return status_context(case, actor, side) | {"sent_drafts": drafts}


@dataclass(frozen=True, slots=True)
class SentText:
    """An ``answer`` or a ``message`` on its way.

    ``act`` takes the reference and what the form holds; ``show`` gives the page again, from the
    reference and ``answer_form`` or ``message_form``.
    """

    kind: str
    act: Callable[..., object]
    show: Callable[..., HttpResponse]


def take_text(request: HttpRequest, side: Side, reference: str, sent: SentText) -> HttpResponse:
    """Hand a posted text to its action; where it cannot be used, the page again with what was typed.

    An address that is opened without a post, as after signing in again, leads to the case.
    """
    if request.method == "POST":
        form = FORMS[sent.kind](request.POST, label=f"Your {sent.kind}", prefix=sent.kind)
        if not (form.is_valid() and _is_taken(form, partial(sent.act, reference))):
            return sent.show(reference, **{f"{sent.kind}_form": form})
        messages.success(request, f"Your {sent.kind} is sent.", extra_tags=f"{sent.kind}-{reference}")
    return redirect(f"{side}:case", reference)


def _is_taken(form: TextForm, act: Callable[..., object]) -> bool:
    """Whether the action took what the form holds; where not, the form says why, and keeps it."""
    try:
        act(**form.cleaned_data)
    except Invalid as refusal:
        form.add_error("text", refusal.message)
        return False
    return True
