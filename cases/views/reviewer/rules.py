"""Rules for automatic decisions: the list, one rule with what it did and would have done, and its switches."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from cases.actions import replays
from cases.actions import rules as actions
from cases.actors import Actor
from cases.antifraud.rules.document import Rule
from cases.antifraud.rules.shown import (
    common_misfits,
    replay_shown,
    rule_with_counts,
    rules_with_counts,
    trials_of_rule,
)
from cases.antifraud.rules.stored import rule_of
from cases.antifraud.rules.words import in_words
from cases.keyset import Order, page_of
from cases.models import AutoRule, ReasonCode, State
from cases.refusals import Conflict, Invalid
from cases.views.room import desk_room
from subscriptions.policy.source import PolicyError

TRIALS = 15
NEWEST_FIRST = Order(key=("id",), is_newest_first=True)

VERDICTS = {"approve": State.APPROVED, "deny": State.DENIED}
"""By a rule's ``then``: where it leads a case."""
DONE = {
    "shadow": "The rule runs in the shadow: it says what it would do, and does nothing.",
    "propose": "Proposed. Another senior reviewer switches it on.",
    "switch_on": "The rule is on: it decides what fits from now on.",
    "off": "The rule is off: it decides nothing more.",
}


@require_safe
@desk_room
def rules(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Every rule with its mode, and how often it was tried, fitted and acted."""
    return render(request, "reviewer/rules.html", {"rules": rules_with_counts()})


@desk_room
def rule(request: HttpRequest, actor: Actor, rule_id: str) -> HttpResponse:
    """One rule, with what it would have done over all history once that was asked for. Posted: a switch."""
    if request.method == "POST":
        return _switch(request, actor, rule_id)
    return _show(request, actor, rule_id)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_room
def replay(request: HttpRequest, actor: Actor, rule_id: str) -> HttpResponse:
    """The part of the page with the replay, as long as it runs. Posted: it is asked for."""
    if request.method == "POST":
        try:
            actions.ask_for_replay(rule_id, by=actor)
        except Conflict as refused:
            return _show(request, actor, rule_id, {"conflict": refused.message}, refused.status)
    elif request.headers.get("HX-Request"):
        return render(request, "reviewer/rule_replay.html", _with_replay(rule_with_counts(rule_id), actor))
    return redirect("review:rule", rule_id)


def _switch(request: HttpRequest, actor: Actor, rule_id: str) -> HttpResponse:
    verb, why = request.POST.get("verb", ""), request.POST.get("why", "")
    try:
        actions.switch(rule_id, verb, by=actor, why=why)
    except Invalid as refused:
        return _show(request, actor, rule_id, {"errors": refused.errors, "why": why}, refused.status)
    except Conflict as refused:
        return _show(request, actor, rule_id, {"conflict": refused.message, "why": why}, refused.status)
    messages.success(request, DONE[verb])
    return redirect("review:rule", rule_id)


def _show(
    request: HttpRequest,
    actor: Actor,
    rule_id: str,
    sent: dict[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    row = rule_with_counts(rule_id)
    document, unreadable = _read(row)
    page = page_of(trials_of_rule(row), NEWEST_FIRST, TRIALS, **_place(request))
    context: dict[str, Any] = {
        **_with_replay(row, actor),
        "document": document,
        "unreadable": unreadable,
        "conditions": in_words(document) if document else [],
        "reasons": _reasons(document) if document else [],
        "changes": row.changes.select_related("by").order_by("-id"),
        "trials": page.rows,
        "newer_url": f"?before={page.before}#trials" if page.before else "",
        "older_url": f"?after={page.after}#trials" if page.after else "",
        "misfits": common_misfits(row),
        "switches": actions.switches_of(row, actor),
        "hindrance": actions.hindrance_of(row, actor),
        **(sent or {}),
    }
    return render(request, "reviewer/rule.html", context, status=status)


def _read(row: AutoRule) -> tuple[Rule | None, str]:
    try:
        return rule_of(row), ""
    except PolicyError as error:
        return None, str(error)


def _reasons(document: Rule) -> list[tuple[str, str]]:
    """Each code with its title, empty where the desk no longer has it for this decision."""
    verb = actions.VERBS[document.then]
    known = ReasonCode.objects.filter(code__in=document.reasons, verbs__contains=[verb], is_active=True)
    titles = dict(known.values_list("code", "title"))
    return [(code, titles.get(code, "")) for code in document.reasons]


def _with_replay(row: AutoRule, actor: Actor) -> dict[str, Any]:
    """Its last replay, kind by kind, and whether it runs or may be asked for."""
    waits = replays.has_begun(row, timezone.now())
    document, _ = _read(row)
    return {
        "rule": row,
        "kinds": list(replay_shown(row.replay)),
        "verdict": VERDICTS[document.then].value if document else "",
        "is_replaying": waits,
        "may_replay": actor.is_reviewer and not waits,
    }


def _place(request: HttpRequest) -> dict[str, int | None]:
    """Where the list of trials begins; nonsense is its beginning."""
    asked = {name: request.GET.get(name, "")[:18] for name in ("after", "before")}
    return {name: int(text) if text.isascii() and text.isdigit() else None for name, text in asked.items()}
