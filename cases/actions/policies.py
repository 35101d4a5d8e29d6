"""Policy versions with four eyes: drafted by one senior reviewer, published or discarded, brought back.

Each is one transaction with the draft's row locked, and leaves a ``DraftChange``.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from cases.actions import replays
from cases.actions.conversation import optional_text
from cases.actions.system import note_policy_in_force
from cases.actors import Actor
from cases.models import DraftChange, DraftState, PolicyDraft
from cases.policies.again import document_again, id_again
from cases.policies.replay import summed_up
from cases.refusals import Conflict, Invalid, NotPermitted, NotThere, existing
from subscriptions.models import PolicyVersion
from subscriptions.policy.document import Policy
from subscriptions.policy.kinds import SLUG
from subscriptions.policy.source import PolicyError
from subscriptions.policy.versions import active_policy, add_version, versions_in_force
from subscriptions.policy.weights import read_new_policy

LONGEST_DOCUMENT = 200_000  # characters
MOST_LATE = timedelta(days=1)
MOST_LISTED = 200
NAME = "draft"
"""What faults call a document that has no file."""

SENIORS_ALONE = "Senior reviewers draft and publish policy versions."
SECOND_PERSON = "You drafted this version. Another senior reviewer publishes it."


def draft_policy(document: str, *, by: Actor, why: str = "") -> PolicyDraft:
    """Keep a document as a draft. Raises ``Invalid`` with each fault, its line and key."""
    _refuse_others(by)
    text = _text_of(document)
    policy = _read(text)
    why = optional_text("why", why)
    if PolicyVersion.objects.filter(pk=policy.id).exists():
        raise Invalid({"document": f"id: {policy.id} is a version already; give this one an id of its own."})
    starts = _start_of(policy, "document")
    try:
        with transaction.atomic():
            return _made(policy, text, starts, by=by, why=why)
    except IntegrityError:
        message = f"There is a draft of {policy.id} already. Discard that one first, or choose another id."
        raise Conflict(message) from None


def roll_back_to(version_id: str, *, by: Actor, new_id: str = "", why: str = "") -> PolicyDraft:
    """Draft an earlier version again, in force from now on; a second person publishes it as any other."""
    _refuse_others(by)
    now = timezone.now().replace(microsecond=0)
    found = PolicyVersion.objects.filter(pk=version_id).first() if SLUG.fullmatch(version_id) else None
    version = existing(found, "version")
    if version.effective_from is None or version.effective_from > now:
        raise Conflict("This version was never in force, so there is nothing to go back to.")
    if active_policy(now).id == version.pk:
        raise Conflict("This version is in force.")
    chosen = new_id.strip() or id_again(version.pk, now)
    if not SLUG.fullmatch(chosen):
        raise Invalid({"new_id": "Use lower-case letters, digits and hyphens, at most 64."})
    return draft_policy(document_again(version.document, chosen, now), by=by, why=why)


def discard_draft(draft_id: int, *, by: Actor, why: str = "") -> PolicyDraft:
    """Put the draft away; it stays to be read, and its id is free for another."""
    with _open_draft(draft_id, by=by) as draft:
        _end(draft, DraftState.DISCARDED, by=by, why=why)
    return draft


def publish_draft(draft_id: int, *, by: Actor, why: str = "", without_replay: bool = False) -> PolicyVersion:
    """Make the draft a version: by another person than who drafted it.

    Where it was not replayed beside the version in force, ``without_replay`` says that this is meant.
    """
    with _open_draft(draft_id, by=by) as draft:
        if hindrance := _hinders(draft, by):
            raise NotPermitted(hindrance)
        _refuse_bad_start(draft.effective_from)
        reason = not_replayed(draft)
        if reason and not without_replay:
            raise Invalid({"without_replay": f"{reason} Replay it, or tick that you publish it without."})
        try:
            version = add_version(draft.document, draft.version_id).version
        except PolicyError as error:
            raise Conflict(f"This draft cannot be published as it is: {error}") from None
        draft.published_by_id = by.person_id
        _end(draft, DraftState.PUBLISHED, by=by, why=why, without_replay=bool(reason))
        note_policy_in_force()
    return version


def ask_for_replay(draft_id: int, *, by: Actor) -> PolicyDraft:
    """Have the draft held against every subscription in the background; one replay at a time."""
    with _open_draft(draft_id, by=by) as draft:
        replays.ask_for(draft, "policies.replay")
    return draft


def replay_draft(draft_id: int) -> None:
    """Hold an open draft against every subscription, and keep the counts and the first of the changed."""
    draft = PolicyDraft.objects.get(pk=draft_id)
    if not draft.is_open:
        return
    now = timezone.now()
    done = summed_up(_read(draft.document), active_policy(now), now, MOST_LISTED)
    replays.keep(draft, done.as_json())


def give_up_replay(draft_id: int) -> None:
    """Let the page say that the replay failed, so that somebody asks again."""
    replays.keep(PolicyDraft.objects.get(pk=draft_id), {"has_failed": True})


def verbs_of_draft(draft: PolicyDraft, actor: Actor) -> list[str]:
    """What the actor may do with the draft now: what a page's buttons are made from."""
    if not (actor.is_senior and draft.is_open):
        return []
    return ["discard"] if _hinders(draft, actor) else ["publish", "discard"]


def hindrance_of_draft(draft: PolicyDraft, actor: Actor) -> str:
    """Why the actor has fewer buttons than an open draft has ways on; nothing where they have all."""
    if not draft.is_open:
        return ""
    return _hinders(draft, actor) if actor.is_senior else SENIORS_ALONE


def not_replayed(draft: PolicyDraft) -> str:
    """Why nobody knows whose outcome an open draft changes; nothing where a replay says so."""
    told = draft.replay
    if not told or told.get("has_failed"):
        return "It was not held against the subscriptions: nobody knows whose outcome it changes."
    in_force = versions_in_force(timezone.now()).first()
    if in_force is not None and told["against"] == in_force.pk:
        return ""
    return f"It was held against the subscriptions beside {told['against']}, which is not in force any more."


def _made(policy: Policy, text: str, starts: datetime, *, by: Actor, why: str) -> PolicyDraft:
    draft = PolicyDraft.objects.create(
        version_id=policy.id,
        title=policy.title,
        document=text,
        effective_from=starts,
        made_by_id=by.person_id,
        made_at=timezone.now(),
    )
    _note(draft, by=by, why=why)
    return draft


@contextmanager
def _open_draft(draft_id: int, *, by: Actor) -> Iterator[PolicyDraft]:
    """One transaction around one draft that is still open."""
    if not by.may_read_desk:
        raise NotThere("There is no such draft.")
    with transaction.atomic():
        draft = existing(PolicyDraft.objects.select_for_update().filter(pk=draft_id).first(), "draft")
        _refuse_others(by)
        if not draft.is_open:
            raise Conflict(f"This draft is {draft.get_state_display().lower()} already.")
        yield draft


def _refuse_others(actor: Actor) -> None:
    if not actor.is_senior:
        raise NotPermitted(SENIORS_ALONE)


def _hinders(draft: PolicyDraft, actor: Actor) -> str:
    return SECOND_PERSON if draft.made_by_id == actor.user_id else ""


def _text_of(document: str) -> str:
    text = document.replace("\r\n", "\n").removeprefix("\ufeff")
    if not text.strip():
        raise Invalid({"document": "Paste a policy document, or choose its file."})
    if len(text) > LONGEST_DOCUMENT:
        raise Invalid(
            {"document": f"A document has at most {LONGEST_DOCUMENT} characters; this has {len(text)}."}
        )
    return text


def _read(text: str) -> Policy:
    """A new document. Raises ``Invalid`` with each fault."""
    try:
        return read_new_policy(text, NAME)
    except PolicyError as error:
        raise Invalid({"document": str(error)}) from None


def _start_of(policy: Policy, field: str) -> datetime:
    if policy.effective_from is None:
        reason = "is missing; say when it comes into force, like 2026-01-31T00:00:00Z"
        raise Invalid({field: f"{NAME}: effective_from: {reason}"})
    return policy.effective_from


def _refuse_bad_start(starts: datetime) -> None:
    now = timezone.now()
    if starts < now - MOST_LATE:
        raise Conflict(
            "It would come into force more than a day ago. Discard it, and draft it with a later effective_from."
        )
    in_force = versions_in_force(now).first()
    if starts <= now and in_force and in_force.effective_from and starts < in_force.effective_from:
        raise Conflict(
            f"It would never be in force: {in_force} came into force after it. "
            "Discard it, and draft it with a later effective_from."
        )


def _end(draft: PolicyDraft, state: DraftState, *, by: Actor, why: str, without_replay: bool = False) -> None:
    why = optional_text("why", why)
    draft.state = state
    if draft.is_replaying:
        draft.replay_asked_at = None  # it would be held beside itself, and look as if it had been before
    draft.save(update_fields=["state", "published_by", "replay_asked_at"])
    _note(draft, by=by, why=why, without_replay=without_replay)


def _note(draft: PolicyDraft, *, by: Actor, why: str, without_replay: bool = False) -> None:
    DraftChange.objects.create(
        draft=draft,
        state=draft.state,
        by_id=by.person_id,
        why=why,
        without_replay=without_replay,
        at=timezone.now(),
    )
