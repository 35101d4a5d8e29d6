"""One case: its page, and what reviewers decide and write there. Each post calls one action."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from cases.actions import conversation, reviewer
from cases.actions.reviewer import Verdict, draft_verdict
from cases.actors import Actor
from cases.dossier import case_of_desk
from cases.forms import VerdictForm
from cases.machine import require
from cases.models import Case, ReasonCode
from cases.notices.statement import Statement
from cases.refusals import Conflict, Invalid
from cases.views.reviewer.page import Sent, show, text_form
from cases.views.reviewer.verbs import BY_NAME, DECIDE, DeskVerb, done_words
from cases.views.room import desk_room
from cases.views.status_page import canonical

INVALID, CONFLICT = 422, 409
LONGEST_NUMBER = 9
NOTHING = 0  # a case is born with its first event


@desk_room
def case(request: HttpRequest, actor: Actor, reference: str) -> HttpResponse:
    """The page of a case, by its reference as people write it."""
    if canonical(reference) != reference:
        return redirect("review:case", canonical(reference))
    return show(request, actor, reference, before=_number(request.GET.get("before", "")))


@desk_room
def decide(request: HttpRequest, actor: Actor, reference: str) -> HttpResponse:
    """Approve, deny, suspend, resume or revoke, and tell everybody."""
    if request.method != "POST":
        return redirect("review:case", reference)
    verb, form, seen = _decided(request)
    if not form.is_valid():
        return show(request, actor, reference, Sent(verb.name, form, status=INVALID))
    try:
        decided = DECIDE[verb.name](reference, _verdict(form), by=actor, seen=_looked_at(seen))
    except Invalid as refused:
        _name_faults(form, refused)
        return show(request, actor, reference, Sent(verb.name, form, status=INVALID))
    except Conflict as refused:
        sent = Sent(verb.name, form, conflict=refused, seen=seen, status=CONFLICT)
        return show(request, actor, reference, sent)
    messages.success(request, done_words(verb, decided), extra_tags=f"{verb.name}-{reference}")
    return redirect("review:case", reference)


@desk_room
def preview(request: HttpRequest, actor: Actor, reference: str) -> HttpResponse:
    """The notice as it would be stored and sent: a part for htmx, the whole page for a plain button."""
    if request.method != "POST":
        return redirect("review:case", reference)
    verb, form, seen = _decided(request)
    found = case_of_desk(actor, reference)
    conflict, notice = None, None
    try:
        require(found, verb.name, by=actor, seen=_looked_at(seen))
        notice = _drafted(found, verb, form, actor) if form.is_valid() else None
    except Invalid as refused:
        _name_faults(form, refused)
    except Conflict as refused:
        conflict = refused
    if request.htmx:  # type: ignore[attr-defined]  # by django_htmx
        context = {"preview": notice, "conflict": conflict, "form": form}
        return render(request, "reviewer/preview.html", context)
    status = CONFLICT if conflict else 200 if notice else INVALID
    sent = Sent(verb.name, form, preview=notice, conflict=conflict, seen=seen, status=status)
    return show(request, actor, reference, sent)


@desk_room
def ask(request: HttpRequest, actor: Actor, reference: str) -> HttpResponse:
    """Ask whoever submitted."""
    return _take_text(request, actor, reference, "ask", reviewer.ask)


@desk_room
def reopen(request: HttpRequest, actor: Actor, reference: str) -> HttpResponse:
    """Judge a rejected case again."""
    return _take_text(request, actor, reference, "reopen", reviewer.reopen)


@desk_room
def clear_flag(request: HttpRequest, actor: Actor, reference: str) -> HttpResponse:
    """Say that a flagged case may stay as it is."""
    done = "The flag is cleared. The case stays as it is."
    return _take_text(request, actor, reference, "clear_flag", reviewer.clear_flag, done)


@desk_room
def message(request: HttpRequest, actor: Actor, reference: str) -> HttpResponse:
    """Write to everybody in the case."""
    return _take_text(
        request,
        actor,
        reference,
        "message",
        conversation.send_message,
        "Your message is sent.",
        is_of_any=True,
    )


@desk_room
def note(request: HttpRequest, actor: Actor, reference: str) -> HttpResponse:
    """Write for the desk alone."""
    done = "Your note is kept. Only the desk reads it."
    return _take_text(request, actor, reference, "note", conversation.write_note, done, is_of_any=True)


def _take_text(
    request: HttpRequest,
    actor: Actor,
    reference: str,
    name: str,
    act: Callable[..., Any],
    done: str = "",
    *,
    is_of_any: bool = False,
) -> HttpResponse:
    """Have the action take what the form holds; ``done`` says so, or the words of the verb of that name.

    ``is_of_any``: whatever happened in the case meanwhile, the text may still be written.
    """
    if request.method != "POST":
        return redirect("review:case", reference)
    form, seen = text_form(name, request.POST), _number(request.POST.get("version", ""))
    if not form.is_valid():
        return show(request, actor, reference, Sent(name, form, status=INVALID))
    looked_at = {} if is_of_any else {"seen": _looked_at(seen)}
    try:
        taken = act(reference, by=actor, **form.cleaned_data, **looked_at)
    except Conflict as refused:
        return show(request, actor, reference, Sent(name, form, conflict=refused, seen=seen, status=CONFLICT))
    messages.success(request, done or done_words(BY_NAME[name], taken), extra_tags=f"{name}-{reference}")
    return redirect("review:case", reference)


def _decided(request: HttpRequest) -> tuple[DeskVerb, VerdictForm, int | None]:
    """What was posted: the verb, its form, and the version of the case that was seen."""
    verb = BY_NAME.get(request.POST.get("verb", ""))
    if verb is None or verb.verdict is None:
        raise Invalid({"verb": "Choose what to decide: approve, deny, suspend, resume or revoke."})
    codes = ReasonCode.objects.filter(is_active=True)
    form = VerdictForm(request.POST, verb=verb.verdict, codes=codes, auto_id=f"{verb.name}_%s")
    return verb, form, _number(request.POST.get("version", ""))


def _looked_at(seen: int | None) -> int:
    """People decide by what they saw: where that cannot be read, it is what no case stands at."""
    return NOTHING if seen is None else seen


def _verdict(form: VerdictForm) -> Verdict:
    data = form.cleaned_data
    return Verdict(data["reasons"], data["text"], data["private_note"])


def _drafted(found: Case, verb: DeskVerb, form: VerdictForm, actor: Actor) -> Statement | None:
    assert verb.verdict is not None  # noqa: S101  # nosec B101  # ``_decided`` lets no other through
    drafted = draft_verdict(found, verb.verdict, _verdict(form), by=actor, at=timezone.now())
    return Statement.from_json(drafted.notice)


def _name_faults(form: VerdictForm, refused: Invalid) -> None:
    for field, reason in refused.errors.items():
        form.add_error(field, reason)


def _number(text: str) -> int | None:
    """A whole number from an address or a form; ``None`` for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER else None
