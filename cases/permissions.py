"""Who may take each verb of the state machine: questions about an actor and a case."""

from typing import TYPE_CHECKING

from cases.actors import Actor, Side

if TYPE_CHECKING:
    from cases.models.case import Case


def is_system(case: "Case", actor: Actor) -> bool:
    """The product itself, inside an action."""
    return actor.is_system


def may_submit(case: "Case", actor: Actor) -> bool:
    """The side that the new case names: its customer, or its own partner for them.

    Nobody may ask in the other's name: a partner's word is what takes a case past the partner.
    """
    return is_submitting_side(case, actor)


def is_partner(case: "Case", actor: Actor) -> bool:
    """The subscription's own partner, by somebody who may act for it."""
    return actor.may_act_for_partner(case.partner_id)


def is_submitting_side(case: "Case", actor: Actor) -> bool:
    """Whoever submitted: any acting member of the customer, or of the partner, that did."""
    if case.submitted_side == Side.PARTNER:
        return actor.may_act_for_partner(case.partner_id)
    return actor.may_act_for_customer(case.customer_id)


def may_decide(case: "Case", actor: Actor) -> bool:
    """A reviewer without an interest: not who asked, not of the customer, not of the partner."""
    return actor.is_reviewer and not has_interest(case, actor)


def may_revoke(case: "Case", actor: Actor) -> bool:
    """A senior reviewer without an interest."""
    return actor.is_senior and not has_interest(case, actor)


def may_write(case: "Case", actor: Actor) -> bool:
    """Whoever acts for the customer or the partner, and reviewers without an interest."""
    return _may_act(case, actor) or may_decide(case, actor)


def has_interest(case: "Case", actor: Actor) -> bool:
    """Is tied to the customer or the partner, or asked."""
    return (
        case.customer_id in actor.customers
        or case.partner_id in actor.partners
        or (actor.user_id is not None and actor.user_id == case.submitted_by_id)
    )


def side_of(case: "Case", actor: Actor) -> Side | None:
    """On whose side of this case the actor stands; ``None`` for a stranger."""
    if case.customer_id in actor.customers:
        return Side.CUSTOMER
    if case.partner_id is not None and case.partner_id in actor.partners:
        return Side.PARTNER
    return Side.DESK if actor.may_read_desk else None


def _may_act(case: "Case", actor: Actor) -> bool:
    return actor.may_act_for_customer(case.customer_id) or actor.may_act_for_partner(case.partner_id)
