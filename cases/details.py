"""What a request says, as plain values, and what a reviewable one must say."""

from collections.abc import Sequence
from dataclasses import dataclass

from cases.refusals import Invalid

SHORTEST_REASON = 40
LONGEST_TEXT = 5000


@dataclass(frozen=True, slots=True)
class RequestDetails:
    """The notice's questions: why direct and not through a relay, and what mail it is about.

    ``data_claim`` is what the customer says is wrong with the data, where they say so.
    """

    why_direct: str = ""
    mail_kind: str = ""
    daily_volume: int | None = None
    sending_domains: Sequence[str] = ()
    sending_addresses: Sequence[str] = ()
    abuse_contact: str = ""
    is_terms_accepted: bool = False
    data_claim: str = ""

    def require_reviewable(self) -> None:
        """Raise ``Invalid`` naming each answer that a reviewer cannot do without."""
        if missing := {field: reason for field, (is_there, reason) in self._needed().items() if not is_there}:
            raise Invalid(missing)

    def _needed(self) -> dict[str, tuple[bool, str]]:
        return {
            "why_direct": (
                SHORTEST_REASON <= len(self.why_direct.strip()) <= LONGEST_TEXT,
                f"Say why a relay on 587 or 443 cannot be used, in {SHORTEST_REASON} characters or more.",
            ),
            "mail_kind": (bool(self.mail_kind), "Choose the kind of mail that comes nearest."),
            "daily_volume": (bool(self.daily_volume), "Give the messages a day on a busy day, 1 or more."),
            "sending_domains": (bool(self.sending_domains), "Name at least one domain that you send from."),
            "abuse_contact": (bool(self.abuse_contact), "Give a mailbox that people read for abuse reports."),
            "terms": (self.is_terms_accepted, "Accept the terms: without them no request can be reviewed."),
        }


@dataclass(frozen=True, slots=True)
class AttestationDetails:
    """What a partner says that it checked; ``checked`` holds values of ``Checked``."""

    checked: Sequence[str]
    text: str = ""
