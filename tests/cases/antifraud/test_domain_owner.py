"""Whether a sending domain has anything to do with the customer."""

import pytest

from cases.antifraud.checks.domain_owner import is_of_name
from cases.models import State
from tests.cases.antifraud.desk import Ask, end, signals, suspend_and_resume
from tests.world import World

SHOP = {"sending_domains": ("mail.shop.example",)}


@pytest.mark.parametrize(
    ("name", "domain", "is_of_it"),
    [
        ("Fjordlight Books", "fjordlight.example", True),
        ("Fjordlight Books", "kestrel.example", False),
        ("Müller & Söhne GmbH", "mueller-soehne.example", True),
        ("Müller & Söhne GmbH", "xn--mller-kva.example", True),
        ("Café Łódź", "cafelodz.example", True),
        ("International Business Machines", "ibm.example", True),
        ("Contoso International", "cont.example", True),
        ("3M", "3m.example", True),
        ("3M", "4m.example", False),
        ("AB", "ab.example", True),
        ("Web and Co", "web-shop.example", False),
        ("診療予約", "xn--fiqs8s.example", False),
    ],
)
def test_a_domain_is_spelled_after_a_name(name: str, domain: str, is_of_it: bool) -> None:
    assert is_of_name(domain, name) is is_of_it


def finding(ask: Ask, by: str = "olive") -> tuple[str, str]:
    found = signals("domain_owner", ask(by, **SHOP))["domain_owner"]
    assert found.subject is not None
    assert found.subject.value == "shop.example"
    return found.finding.value, found.sentence


def test_a_domain_that_nothing_ties_to_the_customer_is_flagged(world: World, ask: Ask) -> None:
    assert finding(ask) == ("flagged", "shop.example has nothing to do with what is known of the customer.")
    assert finding(ask)[0] == "flagged", "having asked for it before ties nothing"
    suspend_and_resume(world, ask("olive", **SHOP))
    assert finding(ask)[0] == "flagged", "nor does an exemption that had to be suspended"
    end(world, ask("mallory", **SHOP), State.APPROVED)
    assert finding(ask)[0] == "flagged", "nor does another customer's"


def test_what_is_known_of_the_customer_ties_it(world: World, ask: Ask) -> None:
    world.knows(world.fabrikam, contact="billing@shop.example")
    assert finding(ask, "mallory") == (
        "clear",
        "shop.example belongs with the customer, by the account's contact, bank export.",
    )
    end(world, ask("olive", **SHOP), State.APPROVED)
    assert finding(ask) == (
        "clear",
        "shop.example belongs with the customer, by an earlier request that was approved.",
    )


def test_the_mailboxes_of_its_people_and_its_partners_tie_it(world: World) -> None:
    world.user("prue").email = "prue@shop.example"
    world.user("prue").save()
    assert signals("domain_owner", world.submitted_by_partner())["domain_owner"].finding == "clear"
    assert signals("domain_owner", world.submitted())["domain_owner"].finding == "flagged"
    world.user("rhea").email = "rhea@mail.shop.example"
    world.user("rhea").save()
    assert signals("domain_owner", world.submitted())["domain_owner"].finding == "clear"


def test_a_free_mailbox_ties_nobody(world: World, ask: Ask) -> None:
    world.knows(world.contoso, contact="contoso@gmail.com")
    found = signals("domain_owner", ask("olive", sending_domains=("gmail.com",)))["domain_owner"]
    assert found.finding == "flagged"


def test_a_name_in_other_letters_proves_nothing(world: World, ask: Ask) -> None:
    world.contoso.name = "診療予約 Web"
    world.contoso.save()
    assert finding(ask)[0] == "unknown"
