"""What a visitor can do next, for each outcome."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from subscriptions.policy.document import Service
from subscriptions.policy.outcome import Outcome

REQUESTS, RELAY = "/requests/", "/relay/"


@dataclass(frozen=True, slots=True)
class WayOn:
    """One step, or two, as the outcome card takes them; ``action_note`` names a promised time."""

    action_url: str = ""
    action_label: str = ""
    second_url: str = ""
    second_label: str = ""
    action_note: str = ""


WAYS_ON: Mapping[Outcome, WayOn] = MappingProxyType(
    {
        Outcome.NOT_BLOCKED: WayOn(),
        Outcome.MAY_REQUEST: WayOn(
            REQUESTS,
            "Ask to lift the block",
            RELAY,
            "Set up a relay",
            "Decided within {decision} working days.",
        ),
        Outcome.NOT_YET: WayOn(RELAY, "Set up a relay"),
        Outcome.VIA_PARTNER: WayOn(
            REQUESTS,
            "Ask through my partner",
            RELAY,
            "Set up a relay",
            "Partners answer within {partner} working days.",
        ),
        Outcome.NEVER: WayOn(RELAY, "Set up a relay", REQUESTS, "Put it on record"),
        Outcome.CANNOT_TELL: WayOn(
            REQUESTS,
            "Ask a person to decide",
            RELAY,
            "Set up a relay",
            "Decided within {decision} working days.",
        ),
    }
)


ADD_THE_DAY = "Only the day of its creation is missing: with it, you have the answer at once."
DAY_IS_MISSING = WayOn("#id_created", "Add the day", REQUESTS, "Ask a person to decide")
"""Where nothing is missing but the day of creation, which the visitor can look up."""


def promise(way_on: WayOn, service: Service) -> str:
    """The note with the policy's times."""
    return way_on.action_note.format(
        decision=service.decision_within_working_days,
        partner=service.partner_within_working_days,
    )
