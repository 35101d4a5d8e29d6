"""The page of what ties cases together: all cases and outcomes, and what they share besides."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from cases.actions import customer, reviewer
from cases.antifraud.picture import LONGEST_LABEL, shortened
from cases.models import Case, CaseTrait, State, TraitKind
from tests.cases.views.checking import running
from tests.cases.views.reading import MOST_QUERIES, queries_of, sign_in
from tests.front.page import Page
from tests.world import DENIAL, World

SHOP = "/review/linked/domain/shop.example/"


def see(client: Client, path: str) -> Page:
    response = client.get(path)
    assert response.status_code == 200, path
    return Page(response)


def with_traits(world: World, *traits: tuple[TraitKind, str], times: int = 1) -> list[Case]:
    """Cases in review, each with those traits beside its own."""
    cases = [world.submitted() for _ in range(times)]
    CaseTrait.objects.bulk_create(
        CaseTrait(case=case, kind=kind, value=value) for case in cases for kind, value in traits
    )
    return cases


def test_all_cases_with_their_outcomes_and_when(world: World, client: Client) -> None:
    first, second, other = world.submitted(), world.submitted(), world.submitted()
    for case in (first, second):
        running(case)
    reviewer.deny(first.reference, DENIAL, by=world.actor("rita"))
    Case.objects.filter(pk=first.pk).update(submitted_at=first.submitted_at - timedelta(days=40))
    text = see(sign_in(client, world, "audrey"), SHOP).text
    assert "2 cases" in text
    assert "Denied 1" in text
    assert "In review 1" in text
    assert "First seen" in text
    assert text.index(second.reference, text.index("the newest first")) < text.rindex(first.reference)
    assert other.reference not in text


FACTS = {
    "phone": "+442079460018",
    "contact": "billing@contoso.example",
    "payment_fingerprint": "fp/2f#9",
    "signup_network": "198.51.100.0/24",
}
TRAITS = [
    (TraitKind.DOMAIN, "shop.example"),
    (TraitKind.ADDRESS, "203.0.113.7"),
    (TraitKind.CONTACT, "abuse@shop.example"),
    (TraitKind.CONTACT, FACTS["contact"]),
    (TraitKind.PHONE, FACTS["phone"]),
    (TraitKind.PAYMENT, FACTS["payment_fingerprint"]),
    (TraitKind.NETWORK, FACTS["signup_network"]),
]


@pytest.mark.parametrize(("kind", "value"), TRAITS)
def test_what_customers_share_has_a_page_with_the_cases_of_all(
    world: World, client: Client, kind: TraitKind, value: str
) -> None:
    """By what a round keeps of a request and of what billing knows; whoever does not share it is not there."""
    for each in (world.contoso, world.fabrikam):
        world.knows(each, **FACTS)
    ours = world.submitted()
    others = world.submitted(world.subscription(customer=world.fabrikam), by="mallory")
    running(ours)
    running(others)
    stranger = world.submitted()
    CaseTrait.objects.create(case=stranger, kind=kind, value=f"not {value}")
    reviewer.deny(others.reference, DENIAL, by=world.actor("rita"))
    page = see(sign_in(client, world, "audrey"), reverse("review:linked", args=[kind, value]))
    assert f"{kind.label} {value}" in page.text
    assert "2 cases" in page.text
    assert ("Denied 1" in page.text, "In review 1" in page.text) == (True, True)
    assert ("Contoso" in page.text, "Fabrikam" in page.text) == (True, True)
    assert {f"/review/{case.reference}/" for case in (ours, others)} <= set(page.links.values())
    assert stranger.reference not in page.text
    for other_kind, other in TRAITS:
        is_listed = reverse("review:linked", args=[other_kind, other]) in page.links.values()
        assert is_listed is ((other_kind, other) != (kind, value)), other


def test_what_they_share_besides_stands_as_a_picture_and_as_a_table(world: World, client: Client) -> None:
    shared, alone = (TraitKind.PAYMENT, "fp_shared"), (TraitKind.PHONE, "+4420")
    cases = with_traits(world, (TraitKind.DOMAIN, "shop.example"), shared, times=2)
    with_traits(world, (TraitKind.DOMAIN, "shop.example"), times=1)
    CaseTrait.objects.create(case=cases[0], kind=alone[0], value=alone[1])
    response = sign_in(client, world, "rita").get(SHOP)
    page, html = Page(response), response.content.decode()
    assert "Payment fingerprint fp_shared" in page.text
    assert "+4420" not in page.text
    assert "/review/linked/payment/fp_shared/" in page.links.values()
    picture = html[html.index("<svg", html.index("links-picture")) :]
    picture = picture[: picture.index("</svg>")]
    assert all(case.reference in picture for case in cases)
    assert "fp_shared" in picture
    assert 'aria-hidden="true"' in picture
    assert picture.count('class="to-shared"') == 2


def test_a_case_by_itself_leads_to_those_that_share_something_else(world: World, client: Client) -> None:
    card = (TraitKind.PAYMENT, "fp_shared")
    with_traits(world, (TraitKind.DOMAIN, "shop.example"), card, times=1)
    others = with_traits(world, (TraitKind.DOMAIN, "other.example"), card, times=2)
    page = see(sign_in(client, world, "rita"), SHOP)
    assert "It is one case alone." in page.text
    assert "Payment fingerprint fp_shared 2 other cases" in page.text
    theirs = see(client, reverse("review:linked", args=card))
    assert "fp_shared 2 other cases" not in theirs.text, "they stand on this page already"
    assert {f"/review/{case.reference}/" for case in others} <= set(theirs.links.values())


def test_the_picture_is_bounded_and_says_what_it_leaves_out(world: World, client: Client) -> None:
    many = [(TraitKind.ADDRESS, f"198.51.100.{n}") for n in range(11)]
    with_traits(world, (TraitKind.DOMAIN, "shop.example"), *many, times=15)
    text = see(sign_in(client, world, "rita"), SHOP).text
    assert "newest 12 cases (3 left out)" in text
    assert "share (3 left out)" in text


def test_pages_by_key(world: World, client: Client) -> None:
    cases = with_traits(world, (TraitKind.DOMAIN, "shop.example"), times=27)
    rita = sign_in(client, world, "rita")
    first = see(rita, SHOP)
    older = SHOP + next(link for link in first.links.values() if link.startswith("?after="))
    assert cases[0].reference in see(rita, older).text
    assert see(rita, SHOP + "?after=%00nonsense").text == first.text


@pytest.mark.parametrize(
    "value",
    [
        "a/b",
        "/a/",
        "a//b",
        "?a=b&c",
        "#a",
        "100%",
        "%2F",
        "ü 日本",
        "a b",
        "<script>",
        "\"'",
        "192.0.2.0/24",
        ".."[:1] + "x",
    ],
)
def test_odd_values_have_addresses(world: World, client: Client, value: str) -> None:
    (case,) = with_traits(world, (TraitKind.PAYMENT, value))
    path = reverse("review:linked", args=["payment", value])
    text = see(sign_in(client, world, "rita"), path).text
    assert value in text
    assert case.reference in text


def test_a_partner_goes_by_its_name(world: World, client: Client) -> None:
    case = world.submitted_by_partner()
    running(case)
    text = see(sign_in(client, world, "rita"), f"/review/linked/partner/{world.northwind.pk}/").text
    assert "Partner Northwind Cloud" in text
    assert case.reference in text


def test_all_cases_of_a_customer(world: World, client: Client) -> None:
    """What its signals point at; no trait is written for it."""
    case, other = (
        world.submitted(),
        world.submitted(world.subscription(customer=world.fabrikam), by="mallory"),
    )
    page = see(sign_in(client, world, "rita"), f"/review/linked/customer/{world.contoso.pk}/")
    assert "Customer Contoso" in page.text
    assert case.reference in page.text
    assert other.reference not in page.text


def test_what_no_case_came_with_says_so(world: World, client: Client) -> None:
    assert "No case came with it" in see(sign_in(client, world, "rita"), SHOP).text


@pytest.mark.parametrize(
    "path",
    [
        "colour/red/",
        "domain/a%00b/",
        "domain/shop/",
        "address/999.1.1.1/",
        "address/192.0.2.0/24/",
        f"domain/{'a' * 321}/",
        "partner/0/",
        "partner/x/",
        f"partner/{9**40}/",
        "customer/0/",
        "customer/x/",
    ],
)
def test_what_ties_nothing_is_not_there(world: World, client: Client, path: str) -> None:
    assert sign_in(client, world, "rita").get(f"/review/linked/{path}").status_code == 404


def test_an_address_that_is_none_says_so(world: World, client: Client) -> None:
    answer = sign_in(client, world, "rita").get("/review/linked/address/999.1.1.1/")
    assert "“999.1.1.1” is no IP address" in Page(answer).text


def test_a_party_has_one_page(world: World, client: Client) -> None:
    """Its number otherwise written would be a page of a partner without cases."""
    running(world.submitted_by_partner())
    rita, number = sign_in(client, world, "rita"), world.northwind.pk
    assert rita.get(f"/review/linked/partner/{number}/").status_code == 200
    for odd in (f"0{number}", f"00{number}", f"%2B{number}", f"{number}%20", f"{number}%0A"):
        assert rita.get(f"/review/linked/partner/{odd}/").status_code == 404, odd
    assert rita.get(f"/review/linked/customer/0{world.contoso.pk}/").status_code == 404


@pytest.mark.parametrize(
    ("kind", "typed", "kept"),
    [
        ("domain", "SHOP.example.", "shop.example"),
        ("domain", "bücher.example", "xn--bcher-kva.example"),
        ("address", "2001:DB8:0::7", "2001:db8::7"),
        ("address", "::ffff:203.0.113.7", "203.0.113.7"),
        ("contact", "Abuse@Shop.example", "abuse@shop.example"),
    ],
)
def test_what_is_written_otherwise_has_one_page(
    world: World, client: Client, kind: str, typed: str, kept: str
) -> None:
    path = reverse("review:linked", args=[kind, typed])
    answer = sign_in(client, world, "rita").get(path)
    assert (answer.status_code, answer.headers["Location"]) == (
        302,
        reverse("review:linked", args=[kind, kept]),
    )


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("rita", 200),
        ("sena", 200),
        ("audrey", 200),
        ("tied", 200),
        ("olive", 403),
        ("mallory", 403),
        ("petra", 403),
        ("opal", 403),
        ("nora", 403),
    ],
)
def test_only_the_desk_reads_it(world: World, client: Client, who: str, status: int) -> None:
    with_traits(world, (TraitKind.DOMAIN, "shop.example"))
    assert sign_in(client, world, who).get(SHOP).status_code == status
    client.logout()
    assert client.get(SHOP).headers["Location"].startswith("/accounts/login/")


def test_queries_do_not_grow_with_the_cases(world: World, client: Client) -> None:
    rita = sign_in(client, world, "rita")
    with_traits(world, (TraitKind.DOMAIN, "shop.example"), times=2)
    few = queries_of(rita, SHOP)
    with_traits(world, (TraitKind.DOMAIN, "shop.example"), times=20)
    assert queries_of(rita, SHOP) == few <= MOST_QUERIES


def test_long_values_are_cut_in_their_middle() -> None:
    short = shortened("mail-out." + "a" * 80 + ".example")
    assert len(short) == LONGEST_LABEL
    assert short.startswith("mail-out.")
    assert short.endswith("xample")


def test_a_withdrawn_case_stays_among_them(world: World, client: Client) -> None:
    case = world.case_in(State.IN_REVIEW)
    customer.withdraw(case.reference, by=world.actor("olive"))
    assert "Withdrawn 1" in see(sign_in(client, world, "rita"), SHOP).text
