"""The stated addresses: whether they belong to this subscription."""

from collections.abc import Iterator

from cases.antifraud.examined import Examined
from cases.antifraud.registry import Check
from cases.antifraud.signals import MOST_TOLD, Signal, Subject
from cases.models import Finding, TraitKind


def look(case: Examined) -> Iterator[Signal]:
    """One signal for each stated address."""
    for address in case.addresses:
        is_held = address in case.inventory
        sentence = f"{address} is {'' if is_held else 'not '}among the subscription's addresses."
        yield Signal(
            part="inventory",
            finding=Finding.CLEAR if is_held else Finding.FLAGGED,
            sentence=sentence,
            source=case.inventory_source or "the inventory",
            as_of=case.inventory_as_of,
            subject=Subject(TraitKind.ADDRESS, address),
            evidence={"subscription_holds": len(case.inventory), "held": sorted(case.inventory)[:MOST_TOLD]},
        )


CHECK = Check(
    slug="addresses",
    title="Sending addresses",
    weights={"inventory": 15},
    looks_at="Whether each stated address is one that the subscription holds now.",
    proves="That the customer speaks of machines of their own.",
    proves_not="Anything where no address was stated: most customers do not know theirs yet.",
    look=look,
    seconds=5,
)
