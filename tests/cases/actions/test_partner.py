"""What partners do: submit for a customer, vouch, decline. Each does it, records it, refuses, races."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from cases.actions import partner
from cases.actors import Actor
from cases.details import AttestationDetails, Checked, DeclineDetails
from cases.models import Attestation, Case, CaseEvent, Decision, EventKind, State
from cases.refusals import Conflict, Invalid, NotPermitted, NotThere, Refusal
from subscriptions.models import CustomerMember, PartnerMember, Role
from tests.racing import together
from tests.world import ATTESTATION, CSP, DECLINED, DETAILS, FREE_TRIAL, World, make_world


def _kinds(case: Case) -> list[str]:
    return list(CaseEvent.objects.filter(case=case).values_list("kind", flat=True))


def test_submitting_for_a_customer_starts_the_review_with_the_partners_word(world: World) -> None:
    subscription = world.subscription(CSP)
    case = partner.submit_for_customer(subscription.pk, DETAILS, ATTESTATION, by=world.actor("petra"))
    stored = Case.objects.get(reference=case.reference)
    assert (stored.state, stored.submitted_side) == (State.IN_REVIEW, "partner")
    assert stored.due_at is not None
    assert _kinds(case) == [EventKind.SUBMITTED, EventKind.REVIEW_STARTED]
    attestation = Attestation.objects.get(case=case)
    assert set(attestation.checked) == set(Checked.values)
    assert (attestation.partner, attestation.author) == (world.northwind, world.user("petra"))


def test_what_the_policy_never_grants_is_not_granted_to_a_partner(world: World) -> None:
    subscription = world.subscription(FREE_TRIAL, partner=world.northwind)
    case = partner.submit_for_customer(subscription.pk, DETAILS, ATTESTATION, by=world.actor("petra"))
    assert case.state == State.REJECTED


@pytest.mark.parametrize(
    ("who", "refusal"),
    [
        ("prue", NotPermitted),  # reads only
        ("olive", NotPermitted),  # the customer has no partner's word to give
        ("quentin", NotThere),
        ("mallory", NotThere),
        ("rita", NotPermitted),
    ],
)
def test_who_may_not_submit_for_a_customer(world: World, who: str, refusal: type[Refusal]) -> None:
    subscription = world.subscription(CSP)
    with pytest.raises(refusal):
        partner.submit_for_customer(subscription.pk, DETAILS, ATTESTATION, by=world.actor(who))
    assert not Case.objects.exists()


def test_a_customer_who_is_a_partner_elsewhere_does_not_pass_their_own_partner(world: World) -> None:
    """Fabrikam resells hosting of its own; for its subscriptions through Northwind, Northwind vouches."""
    PartnerMember.objects.create(user=world.user("mallory"), partner=world.adatum, role=Role.OWNER)
    subscription = world.subscription(CSP, customer=world.fabrikam)
    with pytest.raises(NotPermitted):
        partner.submit_for_customer(subscription.pk, DETAILS, ATTESTATION, by=world.actor("mallory"))


def test_an_attestation_has_all_points_or_is_none(world: World) -> None:
    subscription = world.subscription(CSP)
    half = AttestationDetails([Checked.IDENTITY], "Trust us.")
    with pytest.raises(Invalid) as refused:
        partner.submit_for_customer(subscription.pk, DETAILS, half, by=world.actor("petra"))
    assert list(refused.value.errors) == ["checked"]
    assert not Case.objects.exists()


def test_the_same_key_gives_the_same_case(world: World) -> None:
    subscription, petra = world.subscription(CSP), world.actor("petra")
    ask = partner.submit_for_customer
    first = ask(subscription.pk, DETAILS, ATTESTATION, by=petra, idempotency_key="one")
    again = ask(subscription.pk, DETAILS, ATTESTATION, by=petra, idempotency_key="one")
    assert first.reference == again.reference
    with pytest.raises(Conflict) as refused:
        ask(subscription.pk, DETAILS, ATTESTATION, by=petra, idempotency_key="two")
    assert refused.value.reference == first.reference
    assert Case.objects.count() == Attestation.objects.count() == 1


def test_vouching_passes_the_request_on(world: World) -> None:
    waiting = world.case_in(State.WITH_PARTNER)
    partner.vouch(waiting.reference, ATTESTATION, by=world.actor("petra"))
    case = Case.objects.get(reference=waiting.reference)
    assert case.state == State.IN_REVIEW
    assert case.due_at is not None
    assert case.due_at != waiting.due_at
    assert _kinds(case)[-1] == EventKind.VOUCHED
    assert Attestation.objects.get(case=case).text == ATTESTATION.text


def test_declining_tells_the_customer_why(world: World) -> None:
    waiting = world.case_in(State.WITH_PARTNER)
    details = DeclineDetails("  Use our relay, please.  ", " Once it refuses your mail. ")
    partner.decline(waiting.reference, details, by=world.actor("petra"))
    case = Case.objects.get(reference=waiting.reference)
    assert (case.state, case.due_at) == (State.DECLINED, None)
    notice = Decision.objects.get(case=case).notice
    (reason,) = notice["reasons"]
    assert (reason["text"], reason["would_change"]) == (
        "Use our relay, please.",
        "Once it refuses your mail.",
    )
    assert (notice["in_words_of"], notice["clause"]["number"]) == ("Northwind Cloud", "5.2")
    assert notice["is_automated"] is False
    assert notice["contest"]


def test_the_preview_is_the_notice_that_is_sent(world: World) -> None:
    case, petra = world.case_in(State.WITH_PARTNER), world.actor("petra")
    preview = partner.draft_decline(case, DECLINED, by=petra, at=case.submitted_at).notice
    assert not Decision.objects.exists()
    partner.decline(case.reference, DECLINED, by=petra)
    sent = Decision.objects.get(case=case).notice
    assert {**sent, "since": ""} == {**preview, "since": ""}


@pytest.mark.parametrize(
    ("wrong", "fields"),
    [
        ({"text": ""}, ["text"]),
        ({"text": "  No, not by us.  "}, ["text"]),
        ({"text": "x" * 5001}, ["text"]),
        ({"would_change": " \n "}, ["would_change"]),
        ({"text": "No.", "would_change": ""}, ["text", "would_change"]),
    ],
)
def test_no_decline_without_a_reason_and_what_would_change_it(
    world: World, wrong: dict[str, str], fields: list[str]
) -> None:
    case = world.case_in(State.WITH_PARTNER)
    with pytest.raises(Invalid) as refused:
        partner.decline(case.reference, replace(DECLINED, **wrong), by=world.actor("petra"))
    assert list(refused.value.errors) == fields
    assert Case.objects.get(pk=case.pk).state == State.WITH_PARTNER


Verb = Callable[[str, Actor], Case]
VERBS: dict[str, Verb] = {
    "vouch": lambda reference, by: partner.vouch(reference, ATTESTATION, by=by),
    "decline": lambda reference, by: partner.decline(reference, DECLINED, by=by),
}


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize(
    ("who", "refusal"),
    [("prue", NotPermitted), ("olive", NotPermitted), ("rita", NotPermitted), ("quentin", NotThere)],
)
def test_only_the_subscriptions_own_partner_vouches_or_declines(
    world: World, verb: str, who: str, refusal: type[Refusal]
) -> None:
    case = world.case_in(State.WITH_PARTNER)
    with pytest.raises(refusal):
        VERBS[verb](case.reference, world.actor(who))
    assert _kinds(case) == [EventKind.SUBMITTED, EventKind.ROUTED]


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("first", VERBS)
def test_the_second_word_is_told_that_somebody_was_first(world: World, first: str, verb: str) -> None:
    case, petra = world.case_in(State.WITH_PARTNER), world.actor("petra")
    VERBS[first](case.reference, petra)
    with pytest.raises(Conflict):
        VERBS[verb](case.reference, petra)


@pytest.mark.parametrize("missing", [point.value for point in Checked])
def test_no_vouching_without_each_point(world: World, missing: str) -> None:
    case = world.case_in(State.WITH_PARTNER)
    checked = [point for point in Checked.values if point != missing]
    with pytest.raises(Invalid):
        partner.vouch(case.reference, replace(ATTESTATION, checked=checked), by=world.actor("petra"))
    assert Case.objects.get(pk=case.pk).state == State.WITH_PARTNER
    assert not Attestation.objects.exists()


@pytest.mark.usefixtures("transactional_db")
def test_vouching_and_declining_at_once_has_one_winner() -> None:
    world = make_world()
    case, petra = world.case_in(State.WITH_PARTNER), world.actor("petra")
    told = together(
        *(lambda verb=verb: VERBS[verb](case.reference, petra) for verb in ("vouch", "decline", "vouch"))
    )
    assert sorted(type(each).__name__ for each in told) == ["Case", "Conflict", "Conflict"]
    assert len(_kinds(case)) == 3


@pytest.mark.usefixtures("transactional_db")
def test_two_tabs_make_one_case() -> None:
    world = make_world()
    subscription, petra = world.subscription(CSP), world.actor("petra")

    def ask(key: str) -> Case:
        return partner.submit_for_customer(
            subscription.pk, DETAILS, ATTESTATION, by=petra, idempotency_key=key
        )

    told = together(*(lambda key=key: ask(key) for key in ("one", "one", "two")))
    assert Case.objects.count() == 1
    only = Case.objects.get().reference
    assert {getattr(each, "reference", None) for each in told} == {only}


def test_a_member_of_customer_and_partner_may_read_only_as_each_lets(world: World) -> None:
    """A reader of the partner who owns the customer asks as the customer, and vouches for nobody."""
    CustomerMember.objects.create(user=world.user("prue"), customer=world.contoso, role=Role.OWNER)
    case = world.submitted(world.subscription(CSP), by="prue")
    assert case.state == State.WITH_PARTNER
    with pytest.raises(NotPermitted):
        partner.vouch(case.reference, ATTESTATION, by=world.actor("prue"))
