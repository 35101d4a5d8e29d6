"""What ties a case to others: the domains, addresses, contacts and fingerprints that it came with."""

from collections.abc import Iterator

from cases.models import Case, CaseTrait, TraitKind
from lookups.registrable import registrable
from subscriptions.billing import facts_of_customer

OF_FACTS = {
    "contact": TraitKind.CONTACT,
    "phone": TraitKind.PHONE,
    "payment_fingerprint": TraitKind.PAYMENT,
    "signup_network": TraitKind.NETWORK,
}


def keep_traits(case: Case) -> None:
    """Write the case's traits as they are now; those that it had before stay."""
    rows = [CaseTrait(case=case, kind=kind, value=value) for kind, value in traits_of(case)]
    CaseTrait.objects.bulk_create(rows, ignore_conflicts=True)


def traits_of(case: Case) -> Iterator[tuple[TraitKind, str]]:
    """Kind and value of each, in the form that they are compared in."""
    for domain in case.sending_domains:
        yield TraitKind.DOMAIN, domain
        # Whoever has mail.shop.example has shop.example: without it the two would not meet.
        yield TraitKind.DOMAIN, registrable(domain)
    for address in case.sending_addresses:
        yield TraitKind.ADDRESS, address
    if case.abuse_contact:
        yield TraitKind.CONTACT, case.abuse_contact.lower()
    if case.partner_id is not None:
        yield TraitKind.PARTNER, str(case.partner_id)
    facts = facts_of_customer(case.customer)
    for name, kind in OF_FACTS.items():
        if name in facts:
            yield kind, str(facts[name].value)
