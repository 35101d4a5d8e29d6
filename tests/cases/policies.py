"""Policy drafts for tests: the shipped document with parts of it changed, drafted by the real action."""

from datetime import timedelta

from django.utils import timezone

from cases.actions import policies
from cases.models import PolicyDraft
from subscriptions.policy.versions import SHIPPED
from tests.world import World

NOTICE = (SHIPPED / "azure-2017-11-15.yaml").read_text()
NEVER_AGAIN = ("outcome: may_request", "outcome: never")
"""Who might ask may not any more."""
INVOICE_FIRST = ("outcome: may_request", "requires:\n      paid_invoices: 1\n    outcome: may_request")
"""Who might ask may once an invoice is paid."""


def document(
    version_id: str = "stricter",
    *,
    starts_in: timedelta = timedelta(hours=1),
    swap: tuple[str, str] = ("", ""),
) -> str:
    """The notice's policy under another id, in force from then on."""
    starts = timezone.now() + starts_in
    text = NOTICE.replace("id: azure-2017-11-15\n", f"id: {version_id}\n", 1)
    text = text.replace("2017-11-15T00:00:00Z", f"{starts:%Y-%m-%dT%H:%M:%S.%fZ}", 1)
    return text.replace(*swap) if swap[0] else text


def drafted(world: World, version_id: str = "stricter", *, by: str = "sena", text: str = "") -> PolicyDraft:
    """A draft; ``sena`` made it if nothing is said."""
    return policies.draft_policy(text or document(version_id), by=world.actor(by))
