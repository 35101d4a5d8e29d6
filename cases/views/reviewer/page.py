"""The page of one case: facts, what happened, and what this person may do about it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from cases.actors import Actor, Side
from cases.details import Checked
from cases.dossier import EVENTS_SHOWN, Dossier, case_for_review, sending_addresses
from cases.forms import MessageForm, TextForm, VerdictForm
from cases.models import Case, EventKind, MessageKind, ReasonCode
from cases.notices.statement import Statement
from cases.permissions import may_decide, side_of
from cases.refusals import Conflict
from cases.timeline import Entry, timeline
from cases.verdicts import that_can_be_true, told_of, why_needed
from cases.views.reviewer.judgement import facts_beside, judged_now
from cases.views.reviewer.rounds import checks_of
from cases.views.reviewer.verbs import DeskVerb, desk_verbs_of, why_not
from statements.asked import Built

TEXT_LABELS = {
    "ask": "Your question",
    "reopen": "What was wrong, and what is right now",
    "clear_flag": "Why it may stay as it is",
    "message": "Message",
    "note": "Private note",
}


@dataclass(frozen=True, slots=True)
class Sent:
    """What was posted and came back: the form under its name, with why it could not be done."""

    name: str = ""
    form: forms.Form | None = None
    preview: Statement | None = None
    conflict: Conflict | None = None
    seen: int | None = None
    status: int = 200


@dataclass(frozen=True, slots=True)
class Panel:
    """One verb's form in the decision panel."""

    verb: DeskVerb
    form: forms.Form
    is_chosen: bool
    reasons: list[ReasonCode] = field(default_factory=list)
    chosen: list[str] = field(default_factory=list)
    preview: Statement | None = None


def show(
    request: HttpRequest, actor: Actor, reference: str, sent: Sent | None = None, *, before: int | None = None
) -> HttpResponse:
    """The page of a case, with what was typed where it came back. Raises ``NotThere``.

    Of what happened, whoever belongs to the customer or the partner reads no more here than there.
    """
    sent = sent or Sent()
    dossier = case_for_review(actor, reference, before=before)
    case = dossier.case
    panels = _panels(case, actor, sent)
    context = {
        "case": case,
        "entries": _entries(dossier, actor),
        "panels": panels,
        "why_not": why_not(case, actor),
        "may_take_next": actor.is_reviewer,
        "sent": sent,
        "form": sent.form,
        "conflict": sent.conflict,
        "kept": _kept(sent, panels),
        **_about(dossier),
        **_events(dossier, before),
        **_boxes(case, actor, sent),
        **judged_now(case),
        **checks_of(case, actor),
    }
    context["changes"] = [entry for entry in context["entries"] if _is_after(entry, sent)]
    return render(request, "reviewer/case.html", context, status=sent.status)


def text_form(name: str, data: Mapping[str, Any] | None = None) -> TextForm:
    """The form of one of the texts that a reviewer writes."""
    form = MessageForm if name == "message" else TextForm
    return form(data, label=TEXT_LABELS[name], prefix=name)


def _entries(dossier: Dossier, actor: Actor) -> list[Entry]:
    """What happened, the newest first.

    A round of checks that has ended is one line: that it began says no more.
    """
    side = side_of(dossier.case, actor) or Side.DESK
    entries = timeline(side, dossier.events, dossier.messages, dossier.decisions, dossier.notes)[::-1]
    ended = {entry.text.partition(":")[0] for entry in entries if entry.kind == EventKind.CHECKS_ENDED}
    return [entry for entry in entries if entry.kind != EventKind.CHECKS_STARTED or entry.text not in ended]


def _about(dossier: Dossier) -> dict[str, Any]:
    case = dossier.case
    return {
        "facts": facts_beside(case),
        "addresses": sending_addresses(case),
        "checks": dict(Checked.choices),
        "is_answered": any(message.kind == MessageKind.ANSWER for message in dossier.messages),
        "is_late": case.due_at is not None and case.due_at < timezone.now(),
    }


def _events(dossier: Dossier, before: int | None) -> dict[str, Any]:
    """The way to the events that are not shown."""
    first = min((event.seq for event in dossier.events), default=1)
    return {
        "earlier_events": first if first > 1 else None,
        "events_shown": EVENTS_SHOWN,
        "is_back": before is not None,
    }


def _boxes(case: Case, actor: Actor, sent: Sent) -> dict[str, Any]:
    """What may be written beside the verbs of the machine."""
    if not may_decide(case, actor):
        return {}
    names = ["message", "note", *(["clear_flag"] if case.flag else [])]
    return {f"{name}_form": sent.form if sent.name == name else text_form(name) for name in names}


def _panels(case: Case, actor: Actor, sent: Sent) -> list[Panel]:
    verbs = desk_verbs_of(case, actor)
    if not any(verb.verdict for verb in verbs):
        return [_panel(case, verb, [], sent) for verb in verbs]
    codes = that_can_be_true(_OFFERED.ask(), told_of(case))
    return [_panel(case, verb, codes, sent) for verb in verbs]


_OFFERED = Built(lambda: ReasonCode.objects.filter(is_active=True))


def _panel(case: Case, verb: DeskVerb, codes: list[ReasonCode], sent: Sent) -> Panel:
    is_chosen = sent.name == verb.name
    if verb.verdict is None:
        return Panel(verb, sent.form if is_chosen and sent.form else text_form(verb.name), is_chosen)
    if is_chosen and isinstance(sent.form, VerdictForm):
        chosen = list(sent.form["reasons"].value() or [])
        form, preview = sent.form, sent.preview
    else:
        form, chosen, preview = (
            VerdictForm(verb=verb.verdict, codes=codes, auto_id=f"{verb.name}_%s"),
            [],
            None,
        )
    why = form.fields["private_note"].help_text = why_needed(case, verb.verdict)
    form.fields["private_note"].required = bool(why)
    reasons = [code for code in codes if verb.verdict in code.verbs]
    return Panel(verb, form, is_chosen, reasons, chosen, preview)


def _kept(sent: Sent, panels: list[Panel]) -> list[tuple[str, str]]:
    """What was typed for a verb that cannot be taken any more: nobody types it twice."""
    if sent.form is None or sent.conflict is None or any(panel.is_chosen for panel in panels):
        return []
    typed = [(str(bound.label), bound.value()) for bound in sent.form if bound.name != "reasons"]
    return [(label, value) for label, value in [*_reasons_of(sent.form), *typed] if value]


def _reasons_of(form: forms.Form) -> list[tuple[str, str]]:
    if not isinstance(form, VerdictForm):
        return []
    chosen = form["reasons"].value() or []
    return [("Reasons", ", ".join(code.title for code in form.codes if code.code in chosen))]


def _is_after(entry: Entry, sent: Sent) -> bool:
    return sent.conflict is not None and sent.seen is not None and entry.seq > sent.seen
