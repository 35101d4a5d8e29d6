"""What an import does to subscriptions that stand already: other offers, other customers, other partners."""

from pathlib import Path

import pytest

from cases.actions import reviewer as reviewer_actions
from cases.actions.system import note_offer_changes
from cases.models import Case, EventKind, Flag, State
from cases.refusals import Conflict, NotThere
from outbox.models import Message
from subscriptions.models import OfferChange, Subscription
from tests.subscriptions.imports.files import Told, csv_file, csv_line, run
from tests.world import APPROVAL, REVOCATION, World

FREE_TRIAL = {"offer_id": "MS-AZR-0044P", "quota_id": "FreeTrial_2014-09-01"}


def line_of(subscription: Subscription, **other: str) -> str:
    same = {
        "name": subscription.name,
        "offer_id": subscription.offer_id,
        "quota_id": subscription.quota_id,
        "created_at": subscription.created_at.isoformat() if subscription.created_at else "",
        "customer": f"{subscription.customer.number},",
        "partner": f"{subscription.partner.number},Northwind Cloud" if subscription.partner else ",",
    }
    return csv_line(str(subscription.pk), **(same | other))


def imported(folder: Path, subscription: Subscription, *options: str, **other: str) -> Told:
    return run(csv_file(folder, line_of(subscription, **other)), *options)


def test_an_exemption_that_no_longer_fits_is_flagged_and_stands(world: World, tmp_path: Path) -> None:
    case = world.case_in(State.APPROVED)
    told = imported(tmp_path, case.subscription, **FREE_TRIAL)
    assert "1 subscription judged anew" in told.report[-1]
    change = OfferChange.objects.get()
    assert (change.before["offer_id"], change.after["offer_id"]) == ("MS-AZR-0003P", "MS-AZR-0044P")
    assert change.after["family"] == "free-trial"
    assert change.source == "inventory.csv"

    assert note_offer_changes() == 1
    case = Case.objects.get(pk=case.pk)
    assert (case.state, case.flag) == (State.APPROVED, Flag.OUT_OF_POLICY)
    assert case.exemptions.filter(ends_at=None).exists()
    event = case.events.last()
    assert event is not None
    assert (event.kind, event.side) == (EventKind.FLAGGED, "system")
    assert event.data["after"]["offer_id"] == "MS-AZR-0044P"
    assert Message.objects.filter(payload__seq=event.seq, payload__side="desk").exists()
    assert note_offer_changes() == 0


@pytest.mark.parametrize("other", [{"name": "Renamed"}, {"offer_id": "MS-AZR-0023P"}, {"state": "disabled"}])
def test_what_changes_no_outcome_flags_nothing(world: World, tmp_path: Path, other: dict[str, str]) -> None:
    case = world.case_in(State.APPROVED)
    told = imported(tmp_path, case.subscription, **other)
    assert told.sum.startswith("0 new, 1 changed")
    note_offer_changes()
    assert Case.objects.get(pk=case.pk).flag == ""
    assert not OfferChange.objects.filter(noted_at=None).exists()


def test_changes_without_an_exemption_are_passed_over(world: World, tmp_path: Path) -> None:
    plain, exempt = world.subscription(), world.case_in(State.SUSPENDED).subscription
    imported(tmp_path, plain, **FREE_TRIAL)
    imported(tmp_path, exempt, **FREE_TRIAL)
    assert note_offer_changes() == 1
    assert not OfferChange.objects.filter(noted_at=None).exists()


def test_a_changed_offer_is_judged_anew_when_its_case_is_decided(world: World, tmp_path: Path) -> None:
    case = world.case_in(State.IN_REVIEW)
    imported(tmp_path, case.subscription, **FREE_TRIAL)
    with pytest.raises(Conflict, match="never"):
        reviewer_actions.approve(case.reference, APPROVAL, by=world.actor("rita"))
    assert Case.objects.get(pk=case.pk).state == State.IN_REVIEW


BOUND = [State.IN_REVIEW, State.AWAITING_ANSWER, State.APPROVED, State.SUSPENDED]


@pytest.mark.parametrize("options", [[], ["--move"]])
@pytest.mark.parametrize("state", BOUND)
def test_a_case_or_an_exemption_is_handed_to_no_other_customer(
    world: World, tmp_path: Path, state: State, options: list[str]
) -> None:
    case = world.case_in(state)
    told = imported(tmp_path, case.subscription, *options, customer="C-2,Fabrikam", offer_id="MS-AZR-0044P")
    assert told.left == [
        f"line 2: customer_number: is another than before, but case {case.reference} is {state.label.lower()}; "
        "bring that to its end first"
    ]
    stays = Subscription.objects.get(pk=case.subscription_id)
    assert (stays.customer, stays.offer_id) == (world.contoso, "MS-AZR-0003P")


@pytest.mark.parametrize("state", [State.DENIED, State.WITHDRAWN, State.REJECTED])
def test_without_either_it_moves(world: World, tmp_path: Path, state: State) -> None:
    case = world.case_in(state)
    told = imported(tmp_path, case.subscription, customer="C-2,Renamed")
    assert (told.sum, told.error) == ("0 new, 1 changed, 0 unchanged, 0 skipped, 0 bad.", "")
    moved = Subscription.objects.get(pk=case.subscription_id)
    assert moved.customer == world.fabrikam
    assert Case.objects.get(pk=case.pk).customer == world.contoso
    world.fabrikam.refresh_from_db()
    assert world.fabrikam.name == "Fabrikam"  # files name new customers alone
    change = OfferChange.objects.get()  # the outcome rests on what is known of the customer, too
    assert (change.before["customer"], change.after["customer"]) == ("C-1", "C-2")


def test_it_moves_once_the_exemption_was_revoked(world: World, tmp_path: Path) -> None:
    case = world.case_in(State.APPROVED)
    assert imported(tmp_path, case.subscription, customer="C-2,").error
    reviewer_actions.revoke(case.reference, REVOCATION, by=world.actor("sena"))
    assert not imported(tmp_path, case.subscription, customer="C-2,").error


def test_another_partner_is_taken_where_it_is_said_so(world: World, tmp_path: Path) -> None:
    case = world.case_in(State.WITH_PARTNER)
    told = imported(tmp_path, case.subscription, partner="P-2,")
    assert told.left == [
        f"line 2: partner_number: is another than before, but case {case.reference} is with the partner; "
        "bring that to its end first, or give --move"
    ]
    assert not imported(tmp_path, case.subscription, "--move", partner="P-2,").error
    assert Subscription.objects.get(pk=case.subscription_id).partner == world.adatum
    assert Case.objects.get(pk=case.pk).partner == world.northwind


def test_a_new_partner_is_made_and_no_partner_is_taken(world: World, tmp_path: Path) -> None:
    subscription = world.subscription("MS-AZR-0145P")
    told = imported(tmp_path, subscription, partner="P-9,Tailspin")
    assert "Not known before: 1 partner." in told.report
    subscription.refresh_from_db()
    assert subscription.partner is not None
    assert subscription.partner.name == "Tailspin"
    imported(tmp_path, subscription, partner=",")
    subscription.refresh_from_db()
    assert subscription.partner is None


def test_the_new_customer_may_ask_and_the_old_one_may_not(world: World, tmp_path: Path) -> None:
    subscription = world.subscription()
    imported(tmp_path, subscription, customer="C-2,")
    assert world.submitted(subscription, by="mallory").customer == world.fabrikam
    with pytest.raises(NotThere):
        world.submitted(subscription, by="olive")
