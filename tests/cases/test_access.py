"""Which cases and subscriptions a person may see; what is not theirs answers as if it were not there."""

import pytest

from cases.access import visible_cases, visible_subscriptions
from cases.actions.conversation import send_message
from cases.actors import SYSTEM, Actor
from cases.machine import locked, verbs_of
from cases.models import Case, State
from cases.refusals import NotPermitted, NotThere
from subscriptions.models import CustomerMember, PartnerMember, Role
from tests.world import CSP, PEOPLE, World

DESK = {"rita", "remy", "sena", "tied", "audrey"}
OF_CONTOSO = {"olive", "conrad", "rhea"}
OF_NORTHWIND = {"petra", "prue"}


def who_sees(world: World, seen: object) -> set[str]:
    """Everybody of the cast to whom the case or the subscription is there."""
    look = visible_cases if isinstance(seen, Case) else visible_subscriptions
    return {name for name in PEOPLE if look(world.actor(name)).contains(seen)}  # type: ignore[arg-type]  # fits


def test_a_customers_own(world: World) -> None:
    case = world.submitted()
    assert who_sees(world, case) == OF_CONTOSO | DESK
    assert who_sees(world, case.subscription) == OF_CONTOSO | DESK


def test_what_comes_through_a_partner(world: World) -> None:
    case = world.case_in(State.WITH_PARTNER)
    assert who_sees(world, case) == OF_CONTOSO | OF_NORTHWIND | DESK
    assert who_sees(world, case.subscription) == OF_CONTOSO | OF_NORTHWIND | DESK


def test_what_is_of_another_customer(world: World) -> None:
    subscription = world.subscription(customer=world.fabrikam)
    case = world.submitted(subscription, by="mallory")
    assert who_sees(world, case) == {"mallory"} | DESK


def test_a_partner_sees_what_it_resells_and_nothing_else_of_that_customer(world: World) -> None:
    resold, direct = world.subscription(CSP), world.subscription()
    seen = set(visible_subscriptions(world.actor("petra")))
    assert resold in seen
    assert direct not in seen


def test_the_system_sees_everything_and_nobody_sees_nothing(world: World) -> None:
    world.submitted()
    assert visible_cases(SYSTEM).count() == visible_subscriptions(SYSTEM).count() == 1
    nobody = Actor(None, "Unblock Desk")
    assert not visible_cases(nobody).exists()
    assert not visible_subscriptions(nobody).exists()
    assert not nobody.is_system


def test_who_was_shut_out_is_nobody(world: World) -> None:
    world.submitted()
    for name in PEOPLE:
        user = world.user(name)
        user.is_active = False
        actor = Actor.of(user)
        assert not visible_cases(actor).exists()
        assert verbs_of(Case.objects.get(), actor) == frozenset()


def test_who_left_sees_nothing_more(world: World) -> None:
    case = world.submitted()
    CustomerMember.objects.filter(user=world.user("olive")).delete()
    with pytest.raises(NotThere), locked(case.reference, by=world.actor("olive")):
        pass


@pytest.mark.parametrize("typed", ["UB-0000-000X", "", "\0", "\ud800", "x" * 10_000, "UB-7K3M-92QX'--"])
def test_what_is_not_there_and_what_is_not_theirs_answer_alike(world: World, typed: str) -> None:
    case = world.submitted()
    answers = set()
    for reference in (typed, case.reference):
        with pytest.raises(NotThere) as refused, locked(reference, by=world.actor("mallory")):
            pass
        answers.add((refused.value.status, refused.value.message))
    assert len(answers) == 1


def test_a_reference_is_taken_as_people_type_it(world: World) -> None:
    case = world.submitted()
    with locked(case.reference.lower().replace("-", " "), by=world.actor("olive")) as found:
        assert found == case


@pytest.mark.parametrize("name", ["rhea", "prue", "audrey", "tied"])
def test_who_may_only_read_does_not_write(world: World, name: str) -> None:
    case = world.case_in(State.WITH_PARTNER)
    with pytest.raises(NotPermitted):
        send_message(case.reference, by=world.actor(name), text="Hello.")


def test_an_interest_comes_from_a_customer_a_partner_or_the_request_itself(world: World) -> None:
    """A reviewer who asked for it, or who belongs to the partner, has no verb; one without a tie has."""
    case = world.checked(world.submitted_by_partner())
    assert "approve" in verbs_of(case, world.actor("rita"))
    PartnerMember.objects.create(user=world.user("rita"), partner=world.northwind, role=Role.READER)
    assert verbs_of(case, world.actor("rita")) == frozenset()
    case.submitted_by = world.user("remy")  # as if they had worked for the customer then
    assert verbs_of(case, world.actor("remy")) == frozenset()
    assert "approve" in verbs_of(case, world.actor("sena"))
