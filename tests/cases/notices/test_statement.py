"""What a statement of reasons says of its case, and what it does not."""

from django.utils import timezone

from cases.models import Decision, State
from cases.notices.statement import Statement
from subscriptions.billing import set_facts
from tests.world import World


def test_of_the_account_only_what_the_policy_asks_about_is_told(world: World) -> None:
    known = {"paid_invoices": "12", "paid_total_usd": "96410.55", "payment_fingerprint": "fp-77"}
    set_facts(world.contoso, known, source="billing.csv", as_of=timezone.now())
    world.contoso.save()
    case = world.case_in(State.DENIED)
    assert "96,410.55" in {fact["value"] for fact in case.facts}
    assert "fp-77" not in {fact["value"] for fact in case.facts}
    told = Decision.objects.get(case=case, verb="deny").notice["facts"]
    assert [fact["label"] for fact in told] == ["Offer", "quotaId", "Created"]


def test_a_declined_request_was_decided_by_the_partner(world: World) -> None:
    decision = Decision.objects.get(case=world.case_in(State.DECLINED))
    assert Statement.from_json(decision.notice).decided_by == "by your partner"
