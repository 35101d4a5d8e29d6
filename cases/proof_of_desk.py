"""Whether what every case rests on is as it was made: the guard, the policies, the rules that decide."""

import hashlib
from collections.abc import Iterator

from django.db import connection

from cases.models import AutoRule, DraftState, PolicyDraft, RuleMode
from subscriptions.models import PolicyVersion

TRIGGERS = frozenset(
    {
        "attestations_stay",
        "attestations_stay_all",
        "cases_band_by_checks",
        "cases_end_with_events",
        "cases_move_by_events",
        "cases_stay",
        "decisions_stay",
        "decisions_stay_all",
        "draft_changes_stay",
        "draft_changes_stay_all",
        "drafts_end_once",
        "drafts_say_the_same",
        "drafts_stay",
        "drafts_stay_all",
        "ended_rounds_stay",
        "events_end_with_cases",
        "events_follow",
        "events_stay",
        "events_stay_all",
        "exempt_if_born_approved",
        "exempt_while_approved",
        "exemptions_follow_events",
        "exemptions_stay",
        "exemptions_stay_all",
        "messages_stay",
        "messages_stay_all",
        "notes_stay",
        "notes_stay_all",
        "policy_versions_stay",
        "rounds_stay",
        "rounds_stay_all",
        "rule_changes_stay",
        "rule_changes_stay_all",
        "rule_trials_stay",
        "rule_trials_stay_all",
        "rules_say_the_same",
        "rules_stay",
        "rules_stay_all",
        "signals_stay",
        "signals_stay_all",
    }
)
"""The database's own guard, as migrations of ``cases`` and ``subscriptions`` set it up."""

STANDING = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled IN ('O', 'A')"


def faults_of_desk() -> Iterator[str]:
    """What is wrong beside the cases, in words; nothing when it verifies."""
    yield from _faults_of_guard()
    yield from _faults_of_policies()
    for rule in AutoRule.objects.order_by("pk").prefetch_related("changes"):
        if _switched(rule) != (rule.mode, rule.proposed_by_id, rule.confirmed_by_id):
            yield f"rule {rule.pk}: nobody switched it to where it stands"


def _faults_of_guard() -> Iterator[str]:
    with connection.cursor() as cursor:
        cursor.execute(STANDING)
        standing = {name for (name,) in cursor.fetchall()}
    for name in sorted(TRIGGERS - standing):
        yield f"guard: the trigger {name} is missing or switched off"


def _faults_of_policies() -> Iterator[str]:
    """A version may be loaded without a draft; one that was drafted is what a second person read."""
    loaded = {version.pk: version for version in PolicyVersion.objects.order_by("pk")}
    for version in loaded.values():
        if hashlib.sha256(version.document.encode()).hexdigest() != version.sha256:
            yield f"policy {version.pk}: its document was changed"
    for draft in PolicyDraft.objects.filter(state=DraftState.PUBLISHED).order_by("pk"):
        if draft.version_id not in loaded or loaded[draft.version_id].document != draft.document:
            yield f"policy {draft.version_id}: it is not what was published"


def _switched(rule: AutoRule) -> tuple[str, int | None, int | None]:
    """The mode, who proposed it and who confirmed it, as the rule's changes say."""
    mode, proposed_by, confirmed_by = RuleMode.OFF.value, None, None
    for change in sorted(rule.changes.all(), key=lambda change: change.pk):
        mode = change.mode
        confirmed_by = change.by_id if mode == RuleMode.ON else None
        if mode != RuleMode.ON:
            proposed_by = change.by_id if mode == RuleMode.PROPOSED else None
    return mode, proposed_by, confirmed_by
