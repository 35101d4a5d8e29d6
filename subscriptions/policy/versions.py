"""Policy versions: loading documents, and the one in force."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet, TextChoices
from django.utils import timezone

from statements.asked import Asked, Built
from subscriptions.models.policy import PolicyVersion
from subscriptions.policy.document import Policy
from subscriptions.policy.kinds import SLUG
from subscriptions.policy.reader import read_policy
from subscriptions.policy.source import PolicyError
from subscriptions.policy.weights import refuse_unknown_parts

SHIPPED = Path(__file__).parent / "shipped"


class Place(TextChoices):
    """Where a version stands among the others."""

    IN_FORCE = "in_force", "In force"
    TO_COME = "to_come", "To come"
    EARLIER = "earlier", "Earlier"
    EXAMPLE = "example", "Example"


class NoPolicy(LookupError):
    """There is no such version, or none is in force."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What loading came to; ``is_new`` is false where the same document was there already."""

    version: PolicyVersion
    is_new: bool


def active_policy(at: datetime | None = None) -> Policy:
    """The policy in force at ``at`` (now, if not given), by one query. Raises ``NoPolicy``."""
    return policy_found(_IN_FORCE.first(at=at or timezone.now()))


def versions_in_force(at: Any) -> QuerySet[PolicyVersion]:
    """The version in force at ``at``, alone; or none. For other statements that ask for it beside theirs."""
    return PolicyVersion.objects.filter(effective_from__lte=at).order_by("-effective_from")[:1]


def policy_found(version: tuple[str, str] | None) -> Policy:
    """The document of a version in force that a statement found: its id and its ``sha256``.

    Raises ``NoPolicy`` where it found none.
    """
    if version is None:
        raise NoPolicy("No policy is in force; load the shipped ones with: manage.py load_shipped")
    return _parsed(*version)


def place_of(version_id: str, effective_from: datetime | None, in_force: str, now: datetime) -> Place:
    """Where a version stands at ``now``, when ``in_force`` is the id of the one in force."""
    if effective_from is None:
        return Place.EXAMPLE
    if version_id == in_force:
        return Place.IN_FORCE
    return Place.TO_COME if effective_from > now else Place.EARLIER


def policy_before(policy: Policy) -> Policy | None:
    """The version that was in force when this one took over; ``None`` where it was the first, or has no date."""
    earlier = PolicyVersion.objects.filter(effective_from__lt=policy.effective_from)
    found = earlier.order_by("-effective_from").values_list("id", "sha256").first()
    return _parsed(*found) if found else None


def policy_version(version_id: str) -> Policy:
    """One version by its id, by one query. Raises ``NoPolicy`` naming those there are."""
    found = PolicyVersion.objects.filter(pk=version_id) if SLUG.fullmatch(version_id) else None
    if found is None or (version := found.values_list("id", "sha256").first()) is None:
        raise NoPolicy(f"There is no policy {version_id!a}; {_way_on()}")
    return _parsed(*version)


def policy_versions(version_ids: Iterable[str]) -> dict[str, Policy]:
    """Several versions by their ids, by one query; those that do not exist are left out."""
    found = PolicyVersion.objects.filter(pk__in=set(version_ids)).values_list("id", "sha256")
    return {version_id: _parsed(version_id, sha256) for version_id, sha256 in found}


def load_policy(path: Path) -> Loaded:
    """Load one document as a version; the same document twice changes nothing.

    Raises what ``add_version`` raises; ``OSError`` where the file is not there.
    """
    return add_version(policy_text(path), path.name)


def add_version(text: str, name: str) -> Loaded:
    """Make the document a version; ``name`` is what errors call it.

    Raises ``PolicyError`` where it is no policy, where its id stands for another document, where
    another version comes into force at the same instant, or where it weighs what no check finds.
    """
    policy = read_policy(text, name)
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    with transaction.atomic():
        _alone()
        _refuse_same_start(policy, name)
        version, is_new = PolicyVersion.objects.get_or_create(
            pk=policy.id,
            defaults={
                "title": policy.title,
                "document": text,
                "sha256": sha256,
                "effective_from": policy.effective_from,
            },
        )
        if is_new:
            refuse_unknown_parts(policy, text, name)
    if version.sha256 != sha256:
        raise PolicyError(
            f"{name}: id: {policy.id} is loaded already with another document, and a version "
            "never changes; give this one an id of its own"
        )
    return Loaded(version, is_new)


def shipped_policies() -> list[Path]:
    """The documents that come with the product."""
    return sorted(SHIPPED.glob("*.yaml"))


def load_shipped_policies() -> list[Loaded]:
    """Load every document that comes with the product."""
    return [load_policy(path) for path in shipped_policies()]


def policy_text(path: Path) -> str:
    """The file's text. Raises ``PolicyError`` where it is none, ``OSError`` where it is not there."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise PolicyError(f"{path.name}: byte {error.start} is not UTF-8") from None


def _alone() -> None:
    """Versions are added one after the other, so that no two take the same instant at once."""
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE subscriptions_policyversion IN SHARE ROW EXCLUSIVE MODE")


def _refuse_same_start(policy: Policy, name: str) -> None:
    if policy.effective_from is None:
        return
    others = PolicyVersion.objects.filter(effective_from=policy.effective_from).exclude(pk=policy.id)
    if (other := others.values_list("id", flat=True).first()) is not None:
        raise PolicyError(f"{name}: effective_from: {other} comes into force at that instant; choose another")


def _way_on() -> str:
    known = ", ".join(PolicyVersion.objects.order_by("id").values_list("id", flat=True))
    return f"there is: {known}" if known else "none is loaded; load the shipped ones: manage.py load_shipped"


_IN_FORCE = Built(lambda: versions_in_force(Asked("at")).values_list("id", "sha256"))


@lru_cache(maxsize=64)
def _parsed(version_id: str, sha256: str) -> Policy:
    """The document of a version; versions never change, so it is parsed once in a process."""
    document = PolicyVersion.objects.values_list("document", flat=True).get(pk=version_id, sha256=sha256)
    return read_policy(document, version_id)
