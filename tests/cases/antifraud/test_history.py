"""What was decided before about a subscription, a customer and a partner, and complaints about them."""

import pytest

from cases.actions import customer as customer_actions
from cases.actions.reviewer import Verdict, revoke
from cases.models import State
from tests.cases.antifraud.desk import Ask, complain, days_ago, end, flagged, signals, suspend_and_resume
from tests.world import DETAILS, World


def test_history_of_subscription_and_customer(world: World, ask: Ask) -> None:
    first = ask("olive")
    assert flagged("history", first) == set()
    end(world, first, State.DENIED)
    again = customer_actions.ask_to_lift(first.subscription_id, DETAILS, by=world.actor("olive"))
    assert flagged("history", again) == {"history_subscription"}
    other = ask("olive")
    assert flagged("history", other) == {"history_customer"}
    assert first.reference in signals("history", other)["history_customer"].sentence
    assert flagged("history", ask("mallory")) == set()


def test_history_of_a_partner_needs_enough_cases_and_a_bad_share(world: World) -> None:
    case = world.submitted_by_partner()

    def finding_after(denied: int = 0, approved: int = 0) -> str:
        for state in [State.DENIED] * denied + [State.APPROVED] * approved:
            end(world, world.checked(world.submitted_by_partner()), state)
        return signals("history", case)["history_partner"].finding

    assert finding_after(denied=3, approved=4) == "clear", "seven say nothing yet"
    assert finding_after(approved=1) == "flagged"
    assert finding_after(approved=4) == "clear", "three of twelve are not above a quarter"


def test_a_suspension_that_was_lifted_is_remembered(world: World, ask: Ask) -> None:
    first = ask("olive")
    suspend_and_resume(world, first)
    found = signals("history", ask("olive"))["history_customer"]
    assert found.finding == "flagged"
    assert f"{first.reference} (suspended after complaints, lifted since)" in found.sentence
    assert "abuse_reports" in found.evidence["decisions"][0]
    assert found.subject is not None
    assert (found.subject.kind, found.subject.value) == ("customer", str(world.contoso.pk))


def test_the_worst_end_is_named_first_and_one_that_was_lifted_last(world: World, ask: Ask) -> None:
    worst, lifted, *denied = (ask("olive") for _ in range(4))
    end(world, worst, State.REVOKED)
    for case in denied:
        end(world, case, State.DENIED)
    suspend_and_resume(world, lifted)
    found = signals("history", ask("olive"))["history_customer"].sentence
    assert found.startswith(f"4 of this customer's others ended badly: {worst.reference} (revoked")
    assert lifted.reference not in found
    assert found.endswith(" and 1 more.")


@pytest.mark.parametrize(
    ("count", "last_on", "finding", "told"),
    [
        ("", "", "unknown", "Nobody told us how many complain"),
        ("0", "", "clear", "tells of 0 complaints."),
        ("1", "", "flagged", "tells of 1 complaint."),
        ("", days_ago(0), "flagged", "tells of complaints, the latest on"),
        ("1200", days_ago(0), "flagged", "1,200 complaints, the latest on"),
        ("1200", days_ago(370), "clear", "1,200 complaints, the latest on"),
    ],
)
def test_complaints_as_the_abuse_desk_counts_them(
    world: World, ask: Ask, count: str, last_on: str, finding: str, told: str
) -> None:
    complain(world, world.contoso, count, last_on)
    found = signals("history", ask("olive"))["history_complaints"]
    assert found.finding == finding
    assert told in found.sentence
    assert found.source == ("bank export" if count or last_on else "the desk's decisions")


@pytest.mark.parametrize(("state", "finding"), [(State.REVOKED, "flagged"), (State.DENIED, "clear")])
def test_decisions_that_cite_complaints_are_complaints(
    world: World, ask: Ask, state: State, finding: str
) -> None:
    """A revocation for abuse reports is, whatever the abuse desk counts; a denial for other reasons is not."""
    complain(world, world.contoso, "0")
    bad = ask("olive")
    end(world, bad, state)
    found = signals("history", ask("olive"))["history_complaints"]
    assert found.finding == finding
    assert (bad.reference in found.sentence) == (finding == "flagged")
    assert ("the desk's decisions" in found.source) == (finding == "flagged")


def test_what_was_complained_about_first_is_told_whatever_it_ended_for(world: World, ask: Ask) -> None:
    """Suspended for reports, resumed, and revoked because the offer changed."""
    bad = ask("olive")
    suspend_and_resume(world, bad)
    revoke(bad.reference, Verdict(["offer_changed"]), by=world.actor("sena"))
    found = signals("history", ask("olive"))
    assert f"{bad.reference} (revoked after complaints)" in found["history_complaints"].sentence
    (decisions,) = found["history_customer"].evidence["decisions"]
    assert decisions.index("(offer_changed)") < decisions.index("(abuse_reports)")


def test_a_partner_whose_customers_are_complained_about(world: World) -> None:
    case = world.submitted_by_partner()
    for _ in range(8):
        end(world, world.checked(world.submitted_by_partner()), State.APPROVED)
    assert signals("history", case)["history_partner"].finding == "clear"
    complain(world, world.contoso, "5")
    found = signals("history", case)["history_partner"]
    assert (found.finding, found.evidence["bad"], len(found.evidence["cases"])) == ("flagged", 8, 8)
