"""What a statement of reasons says of its case, and what it does not."""

from decimal import Decimal

from cases.models import Decision, State
from cases.notices.statement import Statement
from tests.world import World


def test_of_the_account_only_what_the_policy_asks_about_is_told(world: World) -> None:
    world.contoso.paid_invoices, world.contoso.paid_total_usd = 12, Decimal("96410.55")
    world.contoso.save()
    case = world.case_in(State.DENIED)
    assert "96410.55" in {fact["value"] for fact in case.facts}
    told = Decision.objects.get(case=case, verb="deny").notice["facts"]
    assert [fact["label"] for fact in told] == ["Offer", "Quota ID", "Created"]


def test_a_declined_request_was_decided_by_the_partner(world: World) -> None:
    decision = Decision.objects.get(case=world.case_in(State.DECLINED))
    assert Statement.from_json(decision.notice).decided_by == "by your partner"
