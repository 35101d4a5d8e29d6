"""What a reviewer decides with: reasons that fit and can be true, words that can be kept, a why where the checks speak against it."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from cases.actions import customer, reviewer
from cases.actions.reviewer import Verdict
from cases.models import Case, Decision, Exemption, ReasonCode, State
from cases.refusals import Invalid
from tests.cases.views.checking import Find, ended, found, quiet
from tests.world import APPROVAL, UNHEARD_OF, World


@pytest.mark.parametrize(
    ("verdict", "field"),
    [
        (Verdict([]), "reasons"),
        (Verdict(["relay_would_do"]), "reasons"),  # for denying
        (Verdict(["no_such_code"]), "reasons"),
        (replace(APPROVAL, text="x" * 5001), "text"),
        (replace(APPROVAL, text="a\0b"), "text"),
        (replace(APPROVAL, private_note="x" * 5001), "private_note"),
    ],
)
def test_a_bad_verdict_names_its_field_and_decides_nothing(
    world: World, verdict: Verdict, field: str
) -> None:
    case = world.case_in(State.IN_REVIEW)
    with pytest.raises(Invalid) as refused:
        reviewer.approve(case.reference, verdict, by=world.actor("rita"))
    assert list(refused.value.errors) == [field]
    assert Case.objects.get(pk=case.pk).state == State.IN_REVIEW
    assert not Exemption.objects.exists()


def test_a_retired_reason_is_not_cited(world: World) -> None:
    ReasonCode.objects.filter(code="direct_sending_justified").update(is_active=False)
    with pytest.raises(Invalid):
        reviewer.approve(world.checked(world.submitted()).reference, APPROVAL, by=world.actor("rita"))


def test_reasons_stand_in_the_order_of_the_list(world: World) -> None:
    case = world.case_in(State.IN_REVIEW)
    verdict = Verdict(["trust_checks_not_passed", "relay_would_do"])
    reviewer.deny(case.reference, verdict, by=world.actor("rita"))
    assert Decision.objects.get(case=case).reasons == ["relay_would_do", "trust_checks_not_passed"]


def _asked_and_answered(world: World) -> Case:
    case = world.case_in(State.AWAITING_ANSWER)
    return customer.answer(case.reference, by=world.actor("olive"), text="To our members.")


SOME_ALONE: dict[str, tuple[Callable[[World], Case], ...]] = {
    "partner_vouched": (World.submitted_by_partner,),
    "data_clarified": (lambda world: world.submitted(world.subscription(UNHEARD_OF)), _asked_and_answered),
    "no_answer": (_asked_and_answered,),
}


@pytest.mark.parametrize("code", SOME_ALONE)
def test_a_reason_that_cannot_be_true_of_the_case_is_refused(world: World, code: str) -> None:
    act = reviewer.deny if code == "no_answer" else reviewer.approve
    verdict, rita = Verdict([code], private_note="Known to us."), world.actor("rita")
    with pytest.raises(Invalid, match="Choose another reason"):
        act(world.checked(world.submitted()).reference, verdict, by=rita)
    for bring in SOME_ALONE[code]:
        act(world.checked(bring(world)).reference, verdict, by=rita)


@pytest.mark.parametrize(("find", "is_needed"), [(None, True), (found, True), (quiet, False)])
def test_an_approval_against_the_checks_says_why(world: World, find: Find | None, is_needed: bool) -> None:
    case = ended(world.submitted(), find) if find else world.checked(world.submitted())
    plain, rita = Verdict(APPROVAL.reasons, private_note=" "), world.actor("rita")
    if is_needed:
        with pytest.raises(Invalid) as refused:
            reviewer.approve(case.reference, plain, by=rita)
        assert list(refused.value.errors) == ["private_note"]
    verdict = APPROVAL if is_needed else plain
    assert reviewer.approve(case.reference, verdict, by=rita).state == State.APPROVED
