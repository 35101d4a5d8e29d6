"""What a request says, as plain values; how it is put right, and what a reviewable one must say.

Every request comes through ``cleaned()``, whoever sends it: page, API, task or command. Forms use
the same functions (``cases.values``), so that a page can say the same beside the field.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Self

from django.db import models

from cases.refusals import Invalid
from cases.values import address_of, domain_of, each_of, mailbox_of, selector_of, text_of, volume_of

SHORTEST_REASON = 40
SHORTEST_WHY_DECLINED = 20
TELL_THE_CUSTOMER = {
    "text": f"Say why in {SHORTEST_WHY_DECLINED} characters or more: the customer reads it.",
    "would_change": "Say what would change it, or that nothing would: the customer reads it.",
}
NEEDED = {
    "why_direct": "Say why a relay on 587 or 443 cannot be used.",
    "mail_kind": "Choose the kind of mail that comes nearest.",
    "daily_volume": "Give the messages on a busy day, in digits.",
    "sending_domains": "Name at least one domain that you send from.",
    "abuse_contact": "Give a mailbox that people read for abuse reports.",
    "terms": "Accept the terms: without them no request can be reviewed.",
}
"""What is told where an answer is missing that a reviewer cannot do without."""
TAKE_ALL = "Confirm each of the points: a request needs your word on all of them."


class MailKind(models.TextChoices):
    """What kind of mail the deployment sends."""

    TRANSACTIONAL = "transactional", "Transactional: receipts, resets, alerts"
    CORPORATE = "corporate", "People's own mail: a company's mail server"
    LISTS = "lists", "Mailing lists that people joined"
    NEWSLETTER = "newsletter", "Newsletters and marketing, with consent"
    FORWARDING = "forwarding", "Forwarding or filtering for others"
    OTHER = "other", "Something else"


class Checked(models.TextChoices):
    """What a partner may attest to have checked."""

    IDENTITY = "identity", "We know who the customer is and checked their identity"
    PURPOSE = "purpose", "We checked what they send, to whom, and that people asked for it"
    NO_RELAY = "no_relay", "A relay on 587 or 443 cannot do what they need"
    ABUSE = "abuse", "We pass on abuse reports and act on them within one working day"


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
    dkim_selector: str = ""
    helo_name: str = ""
    is_terms_accepted: bool = False
    data_claim: str = ""

    def cleaned(self) -> Self:
        """The same answers as they are kept. Raises ``Invalid`` naming each that cannot be kept.

        What was left empty stays so: whether it may be, ``require_reviewable`` says.
        """
        kept: dict[str, Any] = {}
        faults: dict[str, str] = {}
        for field, value_of in _KEPT_AS.items():
            value = getattr(self, field)
            try:
                kept[field] = value if value in ("", None) else value_of(value)
            except ValueError as error:
                faults[field] = str(error)
        if faults:
            raise Invalid(faults)
        return replace(self, **kept)

    def require_reviewable(self) -> None:
        """Raise ``Invalid`` naming each answer that a reviewer cannot do without."""
        is_there = {
            "why_direct": len(self.why_direct) >= SHORTEST_REASON,
            "mail_kind": bool(self.mail_kind),
            "daily_volume": self.daily_volume is not None,
            "sending_domains": bool(self.sending_domains),
            "abuse_contact": bool(self.abuse_contact),
            "terms": self.is_terms_accepted,
        }
        if missing := {field: NEEDED[field] for field, is_given in is_there.items() if not is_given}:
            if self.why_direct and "why_direct" in missing:
                missing["why_direct"] += f" Write at least {SHORTEST_REASON} characters."
            raise Invalid(missing)


@dataclass(frozen=True, slots=True)
class AttestationDetails:
    """What a partner says that it checked; ``checked`` holds values of ``Checked``."""

    checked: Sequence[str]
    text: str = ""

    def cleaned(self) -> Self:
        """The attestation as it is kept. Raises ``Invalid`` where not each point was checked."""
        if set(self.checked) != set(Checked.values):
            raise Invalid({"checked": TAKE_ALL})
        try:
            return replace(self, checked=tuple(Checked.values), text=text_of(self.text))
        except ValueError as error:
            raise Invalid({"attestation": str(error)}) from None


@dataclass(frozen=True, slots=True)
class DeclineDetails:
    """Why a partner does not pass a request on, and what would change that; the customer reads both."""

    text: str
    would_change: str

    def cleaned(self) -> Self:
        """The words as they are kept. Raises ``Invalid`` naming each that is missing, short or too long."""
        shortest = {"text": SHORTEST_WHY_DECLINED, "would_change": 1}
        kept: dict[str, str] = {}
        faults: dict[str, str] = {}
        for field, least in shortest.items():
            try:
                kept[field] = text_of(getattr(self, field))
            except ValueError as error:
                faults[field] = str(error)
            else:
                if len(kept[field]) < least:
                    faults[field] = TELL_THE_CUSTOMER[field]
        if faults:
            raise Invalid(faults)
        return replace(self, **kept)


def _mail_kind_of(text: str) -> str:
    if text not in MailKind.values:
        raise ValueError("Choose one of the kinds of mail that are offered.")
    return text


_KEPT_AS: dict[str, Callable[[Any], object]] = {
    "why_direct": text_of,
    "mail_kind": _mail_kind_of,
    "daily_volume": volume_of,
    "sending_domains": lambda values: each_of(values, domain_of),
    "sending_addresses": lambda values: each_of(values, address_of),
    "abuse_contact": mailbox_of,
    "dkim_selector": selector_of,
    "helo_name": domain_of,
    "data_claim": text_of,
}
