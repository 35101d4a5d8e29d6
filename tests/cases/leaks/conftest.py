"""What the tests of leaks share: a case with canaries in all that it is judged by."""

from pathlib import Path

import pytest
from django.conf import settings

from cases.models import Case
from subscriptions.policy.versions import load_policy
from tests.cases.leaks.canaries import ELEVATED_FROM, FACTS, HIGH_FROM, LINK_WEIGHT
from tests.world import CSP, World


@pytest.fixture
def case(world: World, tmp_path: Path) -> Case:
    """A request that the customer sent through their partner, with facts that tie it to others.

    The policy that it is judged by has weights and limits of its own.
    """
    shipped = settings.BASE_DIR / "subscriptions" / "policy" / "shipped" / "azure-2017-11-15.yaml"
    text = shipped.read_text().replace("id: azure-2017-11-15", "id: weighed", 1)
    text = text.replace("effective_from: 2017-11-15", "effective_from: 2018-01-01", 1)
    limits = f"antifraud:\n  elevated_from: {ELEVATED_FROM}\n  high_from: {HIGH_FROM}\n"
    weighed = tmp_path / "weighed.yaml"
    weighed.write_text(f"{text}\n{limits}  weights:\n    link_payment: {LINK_WEIGHT}\n")
    load_policy(weighed)
    world.knows(world.contoso, **FACTS)
    return world.submitted(world.subscription(CSP))
