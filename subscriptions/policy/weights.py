"""Which parts of the anti-fraud checks a policy may weigh: asked of whoever has the checks."""

from collections.abc import Collection

from django.conf import settings
from django.utils.module_loading import import_string

from subscriptions.policy.document import Policy
from subscriptions.policy.reader import read_policy
from subscriptions.policy.source import read_source


def read_new_policy(text: str, name: str) -> Policy:
    """What ``read_policy`` reads, of a document that is no version yet. Raises ``PolicyError``."""
    policy = read_policy(text, name)
    refuse_unknown_parts(policy, text, name)
    return policy


def refuse_unknown_parts(policy: Policy, text: str, name: str) -> None:
    """Raise ``PolicyError``, with line and key, where a weight is of a part that no check finds.

    For documents that are new: a version that was loaded stays readable when a check goes.
    """
    known: Collection[str] = import_string(settings.WEIGHTED_PARTS)()
    unknown = [part for part in policy.antifraud.weights if part not in known]
    if unknown:
        reason = f"no check finds it; allowed are: {', '.join(sorted(known))}"
        raise read_source(text, name).error([(("antifraud", "weights", part), reason) for part in unknown])
