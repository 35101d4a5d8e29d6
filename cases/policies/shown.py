"""Policy versions and drafts as the desk's pages list them."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from cases.models import DraftState, PolicyDraft
from cases.refusals import existing
from subscriptions.models import PolicyVersion
from subscriptions.policy.versions import Place, place_of

MOST_SHOWN = 100


@dataclass(frozen=True, slots=True)
class ShownVersion:
    """``place`` is its place among the versions; ``draft`` is what it was, if any."""

    version: PolicyVersion
    place: Place
    draft: PolicyDraft | None


def versions_shown(now: datetime) -> list[ShownVersion]:
    """The newest versions, the latest to come into force first, examples last."""
    versions = PolicyVersion.objects.defer("document").order_by("-effective_from", "id")
    dated = versions.exclude(effective_from=None)[:MOST_SHOWN]
    found = [*dated, *versions.filter(effective_from=None)[:MOST_SHOWN]]
    in_force = next((each.pk for each in found if each.effective_from and each.effective_from <= now), "")
    drafts = {each.version_id: each for each in _drafts().filter(state=DraftState.PUBLISHED)[:MOST_SHOWN]}
    return [
        ShownVersion(each, place_of(each.pk, each.effective_from, in_force, now), drafts.get(each.pk))
        for each in found
    ]


def drafts_shown() -> list[PolicyDraft]:
    """Those that wait, then those that were discarded, the newest first."""
    waiting = _drafts().filter(state=DraftState.DRAFT)[:MOST_SHOWN]
    return [*waiting, *_drafts().filter(state=DraftState.DISCARDED)[:MOST_SHOWN]]


def draft_shown(draft_id: int) -> PolicyDraft:
    """One draft with who made and published it. Raises ``NotThere``."""
    drafts = PolicyDraft.objects.select_related("made_by", "published_by")
    return existing(drafts.filter(pk=draft_id).first(), "draft")


def document_of(version_id: str) -> str:
    """The document of one version. Raises ``NotThere``."""
    documents = PolicyVersion.objects.values_list("document", flat=True)
    return existing(documents.filter(pk=version_id).first(), "version")


def document_beside(draft: PolicyDraft, now: datetime) -> tuple[str, str]:
    """The id and the document of the version in force; of a published draft, of the one that it took over from.

    Both empty where there is none.
    """
    at = draft.effective_from if draft.state == DraftState.PUBLISHED else now
    others = PolicyVersion.objects.filter(effective_from__lte=at).exclude(pk=draft.version_id)
    return others.order_by("-effective_from").values_list("id", "document").first() or ("", "")


def _drafts() -> QuerySet[PolicyDraft]:
    return (
        PolicyDraft.objects.select_related("made_by", "published_by")
        .defer("document", "replay")
        .order_by("-id")
    )
