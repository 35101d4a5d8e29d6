"""The pages of the three rooms for axe, as ``pages`` describes it."""

from collections.abc import Callable, Generator

from django.test import override_settings

from cases.actions import policies, reviewer, rules
from cases.actions.conversation import send_message
from cases.models import Case, CaseTrait, RuleMode, State, TraitKind
from subscriptions.models import Address, Subscription
from tests.cases.policies import NEVER_AGAIN, document, drafted
from tests.cases.rules import rule_in
from tests.cases.views.checking import ended, quiet, running
from tests.outside.dns import outside_dns
from tests.world import (
    AFTER,
    APPROVAL,
    CSP,
    DENIAL,
    ENTERPRISE,
    FREE_TRIAL,
    PAY_AS_YOU_GO,
    REVOCATION,
    UNHEARD_OF,
    WAYS,
    World,
)

Visits = Generator[tuple[str, str], None, None]
LONG = "Contoso web shop production for Northern Europe, staging and all of its satellites " * 2
WIDE_WORD = "a-name-without-any-place-to-break-" * 5
LOOK_UP = "?domain=shop.example&addresses=203.0.113.7&helo=mail.shop.example"


def always(*visits: tuple[str, str]) -> Callable[[World], Visits]:
    """Paths that are there whatever the world is like."""

    def all_of_them(world: World) -> Visits:
        yield from visits

    return all_of_them


def _customer_home(world: World) -> Visits:
    yield "olive", "/requests/"
    for offer in (PAY_AS_YOU_GO, FREE_TRIAL, CSP, UNHEARD_OF, ENTERPRISE):
        world.subscription(offer, name=LONG)
    for state in (State.APPROVED, State.SUSPENDED, State.AWAITING_ANSWER, State.IN_REVIEW):
        world.case_in(state)
    world.subscription(name=WIDE_WORD)
    yield "olive", "/requests/"
    yield "olive", "/requests/?q=nowhere"


def _customer_subscription(world: World) -> Visits:
    for offer in (PAY_AS_YOU_GO, FREE_TRIAL, CSP, UNHEARD_OF, ENTERPRISE):
        yield "olive", f"/requests/subscription/{world.subscription(offer, name=WIDE_WORD).pk}/"
    for state in (State.APPROVED, State.SUSPENDED):
        yield "olive", f"/requests/subscription/{world.case_in(state).subscription_id}/"


def asks(world: World) -> Subscription:
    """A subscription with a long name and an address, to ask for."""
    subscription = world.subscription(name=WIDE_WORD)
    Address.objects.create(subscription=subscription, address="203.0.113.7", held_from=AFTER)
    return subscription


def _customer_ask(world: World) -> Visits:
    yield "olive", f"/requests/subscription/{asks(world).pk}/ask/"


def _customer_case(world: World) -> Visits:
    case = world.case_in(State.AWAITING_ANSWER)
    Subscription.objects.filter(pk=case.subscription_id).update(name=LONG)
    send_message(case.reference, by=world.actor("olive"), text=f"{WIDE_WORD}\n{LONG}")
    yield "olive", f"/requests/{case.reference}/"
    for state in (State.REVOKED, State.WITHDRAWN, State.DECLINED):
        yield "olive", f"/requests/{world.case_in(state).reference}/"


def _customer_sent(world: World) -> Visits:
    for state in (State.IN_REVIEW, State.WITH_PARTNER, State.REJECTED):
        yield "olive", f"/requests/{world.case_in(state).reference}/sent/"


def _readiness(world: World) -> Visits:
    """Something is ready, something is missing, something could not be looked up."""
    for query in ("", "?domain=no+domain"):
        yield "olive", f"/requests/readiness/{query}"
    with outside_dns() as server, override_settings(DNS_RESOLVERS=[server.address]):
        server.zone = {
            "shop.example": ["MX 10 mail.shop.example.", 'TXT "v=spf1 -all"'],
            "mail.shop.example": ["servfail"],
        }
        yield "olive", f"/requests/readiness/{LOOK_UP}"


CUSTOMER: dict[str, Callable[[World], Visits]] = {
    "customer:home": _customer_home,
    "customer:subscription": _customer_subscription,
    "customer:ask": _customer_ask,
    "customer:case": _customer_case,
    "customer:sent": _customer_sent,
    "customer:readiness": _readiness,
}


def _decided(world: World) -> Case:
    case = world.checked(world.submitted_by_partner(world.subscription(CSP, name=LONG)))
    reviewer.approve(case.reference, APPROVAL, by=world.actor("rita"))
    return reviewer.revoke(case.reference, REVOCATION, by=world.actor("sena"))


def _denied(world: World) -> Case:
    case = world.submitted_by_partner()
    send_message(case.reference, by=world.actor("olive"), text=WIDE_WORD * 3)
    return reviewer.deny(case.reference, DENIAL, by=world.actor("rita"))


def _asked(world: World) -> Case:
    case = world.submitted_by_partner()
    return reviewer.ask(case.reference, by=world.actor("rita"), text=LONG)


def _resold(world: World) -> Subscription:
    subscription = world.subscription(CSP, name=WIDE_WORD)
    Address.objects.create(subscription=subscription, address="2001:db8::25", held_from=AFTER)
    return subscription


def _something_of_each(world: World) -> None:
    _decided(world), _denied(world), _asked(world), _resold(world)
    world.case_in(State.WITH_PARTNER)


def _partner_home(world: World) -> Visits:
    yield "petra", "/partner/"
    _something_of_each(world)
    yield "petra", "/partner/"
    yield "prue", "/partner/"


def _partner_subscriptions(world: World) -> Visits:
    yield "petra", "/partner/subscriptions/"
    _something_of_each(world)
    for query in ("", "?q=nothing", "?customer=C-9"):
        yield "petra", f"/partner/subscriptions/{query}"


def _partner_cases(world: World) -> Visits:
    _something_of_each(world)
    yield "petra", "/partner/cases/"


def _partner_subscription(world: World) -> Visits:
    subscriptions = [
        _resold(world),
        world.subscription(FREE_TRIAL, partner=world.northwind),
        world.subscription(ENTERPRISE, partner=world.northwind),
    ]
    for subscription in subscriptions:
        yield "petra", f"/partner/subscription/{subscription.pk}/"


def _partner_ask(world: World) -> Visits:
    yield "petra", f"/partner/subscription/{_resold(world).pk}/ask/"


def _partner_case(world: World) -> Visits:
    waits = world.submitted(world.subscription(CSP, name=WIDE_WORD))
    for case in (waits, _asked(world), _denied(world), _decided(world)):
        yield "petra", f"/partner/{case.reference}/"
    yield "prue", f"/partner/{waits.reference}/"


def _partner_sent(world: World) -> Visits:
    yield "petra", f"/partner/{world.submitted_by_partner().reference}/sent/"


PARTNER: dict[str, Callable[[World], Visits]] = {
    "partner:home": _partner_home,
    "partner:subscriptions": _partner_subscriptions,
    "partner:cases": _partner_cases,
    "partner:subscription": _partner_subscription,
    "partner:ask": _partner_ask,
    "partner:case": _partner_case,
    "partner:sent": _partner_sent,
    "partner:readiness": always(("petra", "/partner/readiness/")),
}


def _queue(world: World) -> Visits:
    yield "rita", "/review/"
    for state in WAYS:
        world.case_in(state)
    world.submitted(world.subscription(UNHEARD_OF, name=WIDE_WORD))
    world.submitted_by_partner(world.subscription(CSP, name=LONG))
    for query in ("?state=", "?state=&q=nothing+of+that+name", "?state=nonsense&q=" + "x" * 300, ""):
        yield "rita", f"/review/{query}"
    yield "audrey", "/review/"


def _ring(world: World) -> list[Case]:
    """Cases that share a card, a phone and a domain; the first one was denied."""
    cases = [ended(world.submitted()) for _ in range(5)]
    shared = [
        (TraitKind.PAYMENT, "fp_shared"),
        (TraitKind.PHONE, "+442079460018"),
        (TraitKind.CONTACT, WIDE_WORD),
    ]
    CaseTrait.objects.bulk_create(
        CaseTrait(case=case, kind=kind, value=value) for case in cases for kind, value in shared
    )
    reviewer.deny(cases[0].reference, DENIAL, by=world.actor("remy"))
    return cases


def _desk_case(world: World) -> Visits:
    linked = _ring(world)[1]
    ended(linked, lambda slug: None if slug == "velocity" else quiet(slug))
    yield "rita", f"/review/{linked.reference}/"
    under_way = world.submitted()
    running(under_way)
    yield "rita", f"/review/{under_way.reference}/"
    for state in (State.APPROVED, State.REVOKED, State.REJECTED, State.WITH_PARTNER):
        yield "sena", f"/review/{world.case_in(state).reference}/"


def _round(world: World) -> Visits:
    yield "rita", f"/review/{ended(world.submitted()).reference}/checks/1/"


def _linked(world: World) -> Visits:
    _ring(world)
    for thing in ("payment/fp_shared", f"contact/{WIDE_WORD}", "domain/nobody.example"):
        yield "rita", f"/review/linked/{thing}/"


def _rules(world: World) -> Visits:
    yield "tied", "/review/rules/"
    rule_in(world, RuleMode.PROPOSED, "l" * 64)
    rule_in(world, RuleMode.OFF, "empty")
    yield "tied", "/review/rules/"


def _rule(world: World) -> Visits:
    rule_in(world, RuleMode.PROPOSED, "picky", when="{bands: [low, elevated], clear: [spf, dkim, dmarc]}")
    rule_in(world, RuleMode.PROPOSED, "l" * 64)
    rule_in(world, RuleMode.OFF, "empty")
    denied, _, _ = (ended(world.submitted(), quiet) for _ in range(3))
    world.checked(world.submitted())
    reviewer.deny(denied.reference, DENIAL, by=world.actor("rita"))
    rules.replay_rule("l" * 64)
    for rule_id in ("picky", "l" * 64, "empty"):
        yield "tied", f"/review/rules/{rule_id}/"


def _policies(world: World) -> Visits:
    drafted(world, "l" * 64)
    yield "tied", "/review/policies/"


def _policy_draft(world: World) -> Visits:
    world.case_in(State.APPROVED)
    world.submitted()
    world.subscription(name="W" * 200)
    draft = drafted(world, text=document(swap=NEVER_AGAIN))
    yield "tied", f"/review/policies/drafts/{draft.pk}/"
    policies.ask_for_replay(draft.pk, by=world.actor("tied"))
    yield "tied", f"/review/policies/drafts/{draft.pk}/"
    policies.replay_draft(draft.pk)
    yield "tied", f"/review/policies/drafts/{draft.pk}/"


DESK: dict[str, Callable[[World], Visits]] = {
    "review:queue": _queue,
    "review:case": _desk_case,
    "review:round": _round,
    "review:linked": _linked,
    "review:rules": _rules,
    "review:rule": _rule,
    "review:policies": _policies,
    "review:policy_draft": _policy_draft,
}
