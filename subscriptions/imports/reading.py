"""From the texts of one entry to a row: what each column may hold."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time
from functools import lru_cache
from ipaddress import IPv6Address, ip_address

from subscriptions.imports.entries import Row
from subscriptions.models import SubscriptionState
from subscriptions.policy.facts import FactError, parse_created

COLUMNS: Mapping[str, int] = {
    "subscription_id": 36,
    "name": 200,
    "offer_id": 64,
    "quota_id": 64,
    "created_at": 40,
    "state": 12,
    "customer_number": 64,
    "customer_name": 200,
    "partner_number": 64,
    "partner_name": 200,
    "addresses": 100_000,
}
"""The columns, and the most characters that each may hold."""

STATES: Mapping[str, SubscriptionState] = {
    "active": SubscriptionState.ACTIVE,
    "enabled": SubscriptionState.ACTIVE,
    "warned": SubscriptionState.ACTIVE,
    "pastdue": SubscriptionState.ACTIVE,
    "disabled": SubscriptionState.DISABLED,
    "suspended": SubscriptionState.DISABLED,
    "expired": SubscriptionState.DISABLED,
    "pending": SubscriptionState.DISABLED,
    "deleted": SubscriptionState.DELETED,
}
"""Our own words, Azure Resource Manager's and Partner Center's, in lower case."""

UUID_FORM = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
BETWEEN_ADDRESSES = re.compile(r"[\s,;]+")
JOINERS = "\u200c\u200d"
SHOWN = 100  # characters of a bad value that its error quotes
MOST_KEPT = 8192


@dataclass(frozen=True, slots=True)
class Given:
    """What the caller says of all entries that do not say it themselves; ``now`` bounds their times."""

    now: datetime
    customer_number: str = ""
    partner_number: str = ""


def row_of(number: int, texts: Mapping[str, str], given: Given) -> Row:
    """The row of an entry's texts by column; columns that are not there are not stated.

    Raises ``FactError`` naming the column.
    """
    created = texts.get("created_at")
    created_at, is_created_by_day = moment_of("created_at", created or "", given.now)
    stated_partner = short_text("partner_number", texts.get("partner_number"))
    addresses = texts.get("addresses")
    return Row(
        number,
        _subscription_id(texts["subscription_id"]),
        short_text("name", texts.get("name")) or None,
        short_text("offer_id", texts.get("offer_id")),
        short_text("quota_id", texts.get("quota_id")),
        created is not None,
        created_at,
        is_created_by_day,
        _state(texts.get("state") or ""),
        short_text("customer_number", texts.get("customer_number")) or given.customer_number or None,
        short_text("customer_name", texts.get("customer_name")),
        stated_partner or given.partner_number or stated_partner,
        short_text("partner_name", texts.get("partner_name")),
        None if addresses is None else _addresses(addresses),
    )


def _subscription_id(text: str) -> str:
    if not UUID_FORM.fullmatch(text := text.strip()):
        raise FactError("subscription_id", f"{text[:SHOWN]!a} is no UUID")
    return text


@lru_cache(maxsize=MOST_KEPT)
def short_text(column: str, text: str | None) -> str | None:
    """What a column holds, without white space around it. Raises ``FactError``."""
    if text is None:
        return None
    text = text.strip()
    _refuse_longer(column, text)
    if not (text.isprintable() or all(map(_may_stand, text))):
        raise FactError(column, f"{text[:SHOWN]!a} holds characters that cannot be printed")
    return text


def _refuse_longer(column: str, text: str) -> None:
    if len(text) > COLUMNS[column]:
        raise FactError(column, f"is longer than {COLUMNS[column]} characters")


def _may_stand(character: str) -> bool:
    """Spaces of any width and joiners are written in names, though Python does not print them."""
    return character.isprintable() or character in JOINERS or unicodedata.category(character) == "Zs"


def moment_of(field: str, text: str, latest: datetime) -> tuple[datetime | None, bool]:
    """When something was so, and whether only the day is known: then its beginning in UTC.

    ``None`` where nothing is said. Raises ``FactError``, also for what has not come yet.
    """
    try:
        said = parse_created(text)
    except FactError as error:
        raise FactError(field, error.reason) from None
    if said is None:
        return None, False
    at = said if isinstance(said, datetime) else datetime.combine(said, time(), UTC)
    if at > latest:
        raise FactError(field, f"{text.strip()[:SHOWN]!a} has not come yet")
    return at, not isinstance(said, datetime)


@lru_cache(maxsize=MOST_KEPT)
def _state(text: str) -> str | None:
    word = text.strip().lower()
    if word and word not in STATES:
        raise FactError("state", f"{text[:SHOWN]!a} is none of {', '.join(STATES)}")
    return STATES[word].value if word else None


def _addresses(text: str) -> list[str]:
    """Each once, IPv4 for what IPv6 writes of it, so that one address has one form."""
    _refuse_longer("addresses", text)
    return list(dict.fromkeys(_address(word) for word in BETWEEN_ADDRESSES.split(text) if word))


def _address(word: str) -> str:
    try:
        address = ip_address(word)
    except ValueError:
        raise FactError("addresses", f"{word[:SHOWN]!a} is no IPv4 or IPv6 address") from None
    if isinstance(address, IPv6Address):
        if address.scope_id:
            raise FactError("addresses", f"{word[:SHOWN]!a} is good inside one link only")
        address = address.ipv4_mapped or address
    if address.is_unspecified or address.is_loopback or address.is_multicast or address.is_link_local:
        raise FactError("addresses", f"{word[:SHOWN]!a} is of a kind that no subscription holds for itself")
    return str(address)
