"""Rules for automatic decisions: the list, one rule with what it did and would have done, and its switches."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from cases.actions import rules as actions
from cases.actors import Actor
from cases.antifraud.rules.document import Rule
from cases.antifraud.rules.replay import replay_summed
from cases.antifraud.rules.shown import rule_with_counts, rules_with_counts, trials_of_rule
from cases.antifraud.rules.stored import rule_of
from cases.antifraud.rules.words import KIND_WORDS, in_words
from cases.models import AutoRule, ReasonCode
from cases.refusals import Conflict, Invalid
from cases.views.room import desk_room
from subscriptions.policy.source import PolicyError

MOST_LISTED = 50  # cases of each kind in a replay on the page
TRIALS = 50

ACTS: dict[str, Callable[..., AutoRule]] = {
    "shadow": actions.try_in_shadow,
    "propose": actions.propose,
    "switch_on": actions.switch_on,
    "off": actions.switch_off,
}
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
    """One rule; with ``?replay`` what it would have done over all history. Posted: a switch."""
    if request.method == "POST":
        return _switch(request, actor, rule_id)
    return _show(request, actor, rule_id)


def _switch(request: HttpRequest, actor: Actor, rule_id: str) -> HttpResponse:
    verb, why = request.POST.get("verb", ""), request.POST.get("why", "")
    act = ACTS.get(verb)
    if act is None:
        refusal = Invalid({"verb": "Choose what to do with the rule by one of the buttons."})
        return _show(request, actor, rule_id, {"errors": refusal.errors, "why": why}, refusal.status)
    try:
        act(rule_id, by=actor, why=why)
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
    trials = list(trials_of_rule(row)[: TRIALS + 1])
    context: dict[str, Any] = {
        "rule": row,
        "document": document,
        "unreadable": unreadable,
        "conditions": in_words(document) if document else [],
        "reasons": _reasons(document) if document else [],
        "changes": row.changes.select_related("by").order_by("-id"),
        "trials": trials[:TRIALS],
        "are_trials_cut": len(trials) > TRIALS,
        "switches": actions.switches_of(row, actor),
        "hindrance": actions.hindrance_of(row, actor),
        **_replayed(document, is_asked="replay" in request.GET),
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


def _replayed(document: Rule | None, *, is_asked: bool) -> dict[str, Any]:
    """The replay, kind by kind, where it was asked for."""
    if document is None or not is_asked:
        return {}
    done = replay_summed(document, MOST_LISTED)
    kinds = [
        {
            "words": KIND_WORDS[kind],
            "count": n,
            "listed": done.listed[kind],
            "left_out": n - len(done.listed[kind]),
        }
        for kind, n in done.counts.items()
    ]
    return {"replayed": done, "kinds": kinds}
