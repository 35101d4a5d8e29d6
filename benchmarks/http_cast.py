"""Who and what the HTTP benchmarks meet again: fixed names, so that clients need no database."""

from uuid import NAMESPACE_DNS, UUID, uuid5

DOMAIN = "bench.example"
PASSWORD = "port25-bench"  # noqa: S105  # nosec B105  # of people who do not exist
REVIEWER = f"reviewer@{DOMAIN}"
OWNER = f"owner@{DOMAIN}"
"""Owns the subscription and the cases whose pages are measured; the same in a small and a large world."""

BARE = "bare/"
"""The bare view behind the product's middleware."""
BY_FORM = "bare-form/"
"""The same for somebody signed in, by a form."""
ALONE = "/bare-alone/"
"""The bare view without any."""

SUBMITTERS = 8
FREE_EACH = 2_000
"""How many subscriptions each submitter has that may be asked for and never were."""


def submitter(number: int) -> str:
    """The address with which a submitter signs in; each owns a customer."""
    return f"submitter{number}@{DOMAIN}"


def free_subscription(submitter_number: int, number: int) -> UUID:
    """A subscription of a submitter's."""
    return uuid5(NAMESPACE_DNS, f"{number}.submitter{submitter_number}.{DOMAIN}")


def asked_often(times: int) -> UUID:
    """The owner's subscription with so many cases, all but the last of them ended."""
    return uuid5(NAMESPACE_DNS, f"asked-{times}.{DOMAIN}")
