"""What the checks' tests share: requests whose traits are kept."""

from dataclasses import replace
from typing import Any

import pytest

from cases.actions import customer as customer_actions
from cases.actions.checks import end_round, start_checks
from cases.actors import SYSTEM
from cases.models import Case
from subscriptions.models import Customer
from tests.cases.antifraud.desk import Ask
from tests.world import DETAILS, World


@pytest.fixture
def ask(world: World) -> Ask:
    """A request in review with its traits kept; nothing of it is shared unless it is given.

    It is Contoso's where ``by`` is olive, and otherwise of ``customer``, of Fabrikam if not given.
    """
    number = iter(range(1, 100))

    def asked(by: str, customer: Customer | None = None, **changes: Any) -> Case:
        each = next(number)
        own: dict[str, Any] = {
            "sending_domains": (f"d{each}.example",),
            "sending_addresses": (f"203.0.113.{each}",),
            "abuse_contact": f"abuse@d{each}.example",
        }
        details = replace(DETAILS, **own | changes)
        whose = customer or (world.contoso if by == "olive" else world.fabrikam)
        subscription = world.subscription(customer=whose)
        case = customer_actions.ask_to_lift(subscription.pk, details, by=world.actor(by))
        start_checks(case.reference, by=SYSTEM)
        end_round(case.reference, by=SYSTEM)
        return Case.objects.get(pk=case.pk)

    return asked
