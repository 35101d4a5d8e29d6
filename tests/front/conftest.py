"""What the public pages' tests share."""

import pytest

from subscriptions.policy.versions import load_shipped_policies


@pytest.fixture(autouse=True)
def _policies(db: None) -> None:
    """The shipped policies: the notice's is in force, the examples are there."""
    load_shipped_policies()
