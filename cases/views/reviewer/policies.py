"""Policy versions with four eyes: the list, a draft with its differences and its replay, and what to do with it."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cases.actions import policies as actions
from cases.actions import replays
from cases.actors import Actor
from cases.models import PolicyDraft
from cases.policies.compared import difference
from cases.policies.shown import document_beside, document_of, draft_shown, drafts_shown, versions_shown
from cases.refusals import Conflict, Invalid
from cases.views.room import desk_room
from subscriptions.models import PolicyVersion
from subscriptions.policy.kinds import SLUG

ACTS: dict[str, Callable[..., PolicyDraft | PolicyVersion]] = {
    "publish": actions.publish_draft,
    "discard": actions.discard_draft,
}
DONE = {
    "publish": "Published. It is a version now, and never changes.",
    "discard": "Discarded. It stays here to be read.",
}
DRAFTED = "Drafted. Another senior reviewer publishes it."
Sent = dict[str, Any]


@desk_room
def policies(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Every version and draft; ``?from`` begins with the document of a version. Posted: one becomes a draft."""
    if request.method == "POST":
        return _draft(request, actor)
    begun = request.GET.get("from", "")
    return _show_list(
        request, actor, {"begun": begun, "document": document_of(begun)} if SLUG.fullmatch(begun) else {}
    )


@require_safe
@desk_room
def document(request: HttpRequest, actor: Actor, version_id: str) -> HttpResponse:
    """The document of a version, to keep or to copy: it holds the checks' weights, so it is for the desk."""
    disposition = f'attachment; filename="{version_id}.yaml"'
    headers = {"Content-Disposition": disposition, "X-Content-Type-Options": "nosniff"}
    return HttpResponse(
        document_of(version_id), content_type="application/yaml; charset=utf-8", headers=headers
    )


@require_POST
@desk_room
def roll_back(request: HttpRequest, actor: Actor, version_id: str) -> HttpResponse:
    """Draft an earlier version again."""
    try:
        made = actions.roll_back_to(version_id, by=actor)
    except (Conflict, Invalid) as refused:
        return _show_list(request, actor, {"conflict": refused.message}, refused.status)
    messages.success(request, DRAFTED)
    return redirect("review:policy_draft", made.pk)


@desk_room
def draft(request: HttpRequest, actor: Actor, draft_id: int) -> HttpResponse:
    """One draft. Posted: it is published or discarded."""
    if request.method == "POST":
        return _end(request, actor, draft_id)
    return _show_draft(request, actor, draft_id)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_room
def replay(request: HttpRequest, actor: Actor, draft_id: int) -> HttpResponse:
    """The part of the page with the replay, as long as it runs. Posted: it is asked for."""
    if request.method == "POST":
        try:
            actions.ask_for_replay(draft_id, by=actor)
        except Conflict as refused:
            return _show_draft(request, actor, draft_id, {"conflict": refused.message}, refused.status)
    elif request.headers.get("HX-Request"):
        return render(request, "reviewer/policy_replay.html", _with_replay(draft_shown(draft_id), actor))
    return redirect("review:policy_draft", draft_id)


def _draft(request: HttpRequest, actor: Actor) -> HttpResponse:
    typed, why = request.POST.get("document", ""), request.POST.get("why", "")
    sent: Sent = {"document": typed, "why": why}
    try:
        sent["document"] = _document_of(request) or typed
        made = actions.draft_policy(sent["document"], by=actor, why=why)
    except Invalid as refused:
        errors = {name: reason.splitlines() for name, reason in refused.errors.items()}
        return _show_list(request, actor, {**sent, "errors": errors}, refused.status)
    except Conflict as refused:
        return _show_list(request, actor, {**sent, "conflict": refused.message}, refused.status)
    messages.success(request, DRAFTED)
    return redirect("review:policy_draft", made.pk)


def _document_of(request: HttpRequest) -> str:
    """The text of a chosen file, empty where none was chosen."""
    if (file := request.FILES.get("file")) is None:
        return ""
    most = actions.LONGEST_DOCUMENT * 4  # bytes of the longest document there may be
    try:
        return bytes(file.read(most + 1)).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        reason = f"Byte {error.start} of the file is not UTF-8. Choose a text file, or paste the document."
        raise Invalid({"document": reason}) from None


def _end(request: HttpRequest, actor: Actor, draft_id: int) -> HttpResponse:
    verb, why = request.POST.get("verb", ""), request.POST.get("why", "")
    if (act := ACTS.get(verb)) is None:
        reason = "Choose what to do with the draft by one of the buttons."
        return _show_draft(request, actor, draft_id, {"errors": {"verb": reason}, "why": why}, Invalid.status)
    meant = {"without_replay": True} if verb == "publish" and "without_replay" in request.POST else {}
    try:
        act(draft_id, by=actor, why=why, **meant)
    except Invalid as refused:
        sent: Sent = {"errors": refused.errors, "why": why, **meant}
        return _show_draft(request, actor, draft_id, sent, refused.status)
    except Conflict as refused:
        return _show_draft(
            request, actor, draft_id, {"conflict": refused.message, "why": why, **meant}, refused.status
        )
    messages.success(request, DONE[verb])
    return redirect("review:policy_draft", draft_id)


def _show_list(
    request: HttpRequest, actor: Actor, sent: Sent | None = None, status: int = 200
) -> HttpResponse:
    context = {
        "versions": versions_shown(timezone.now()),
        "drafts": drafts_shown(),
        "may_draft": actor.is_senior,
        **(sent or {}),
    }
    return render(request, "reviewer/policies.html", context, status=status)


def _show_draft(
    request: HttpRequest, actor: Actor, draft_id: int, sent: Sent | None = None, status: int = 200
) -> HttpResponse:
    found = draft_shown(draft_id)
    beside, its_document = document_beside(found, timezone.now())
    changes = list(found.changes.select_related("by").order_by("-id"))
    context = {
        **_with_replay(found, actor),
        "changes": changes,
        "was_not_replayed": any(each.without_replay for each in changes),
        "beside": beside,
        "difference": difference(its_document, found.document),
        "verbs": actions.verbs_of_draft(found, actor),
        "hindrance": actions.hindrance_of_draft(found, actor),
        "not_replayed": actions.not_replayed(found) if found.is_open else "",
        **(sent or {}),
    }
    return render(request, "reviewer/policy_draft.html", context, status=status)


def _with_replay(found: PolicyDraft, actor: Actor) -> Sent:
    waits = replays.has_begun(found, timezone.now())
    return {
        "draft": found,
        "is_replaying": waits,
        "may_replay": actor.is_senior and found.is_open and not waits,
    }
