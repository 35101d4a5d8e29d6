"""``/requests/`` as a customer reads it."""

import pytest
from django.test import Client
from django.utils import timezone

from cases.actions import reviewer
from cases.models import State
from cases.queries import PAGE
from subscriptions.models import CustomerMember, Role
from tests.cases.views.reading import MOST_QUERIES, queries_of, sign_in
from tests.front.page import Page
from tests.world import CSP, ENTERPRISE, FREE_TRIAL, UNHEARD_OF, World

HOME = "/requests/"


def home(client: Client, query: str = "") -> Page:
    response = client.get(HOME + query)
    assert response.status_code == 200
    return Page(response)


@pytest.mark.parametrize(
    ("offer", "chip", "why", "button"),
    [
        (
            "MS-AZR-0003P",
            "Blocked, may ask",
            "Pay-As-You-Go, created on or after 15 November 2017",
            "Ask to lift the block",
        ),
        (FREE_TRIAL, "Blocked, never lifted", "Free Trial, created on or after", "Set up a relay"),
        (
            CSP,
            "Blocked, via partner",
            "Cloud Solution Provider (CSP), created on or after",
            "Ask Northwind Cloud",
        ),
        (UNHEARD_OF, "Cannot tell yet", "", "Ask a person to decide"),
        (ENTERPRISE, "Not blocked", "Enterprise Agreement, not blocked", None),
    ],
)
def test_each_subscription_has_its_status_and_one_next_step(
    client: Client, world: World, offer: str, chip: str, why: str, button: str | None
) -> None:
    subscription = world.subscription(offer, name="Mail out")
    page = home(sign_in(client, world))
    assert page.links["Mail out"] == f"/requests/subscription/{subscription.pk}/"
    assert chip in page.text
    assert why in page.text
    steps = [text for text in page.links if text.endswith(" for Mail out")]
    assert steps == ([f"{button} for Mail out"] if button else [])


@pytest.mark.parametrize(
    ("state", "chip", "button"),
    [
        (State.IN_REVIEW, "In review", "See the request"),
        (State.WITH_PARTNER, "With the partner", "See the request"),
        (State.AWAITING_ANSWER, "Waiting for an answer", "Answer the question"),
        (State.SUSPENDED, "Suspended", "See why, and write to us"),
        (State.DENIED, "Blocked, may ask", "Ask to lift the block"),
    ],
)
def test_a_case_changes_the_status_and_the_next_step(
    client: Client, world: World, state: State, chip: str, button: str
) -> None:
    case = world.case_in(state)
    page = home(sign_in(client, world))
    assert chip in page.text
    link = page.links[f"{button} for {case.subscription.name}"]
    assert case.reference in link or link.endswith("/ask/")


def test_an_exempt_subscription_says_since_when_and_by_which_case(client: Client, world: World) -> None:
    case = world.case_in(State.APPROVED)
    page = home(sign_in(client, world))
    assert "Exempt Since" in page.text
    assert page.links[case.reference] == f"/requests/{case.reference}/"
    assert "Nothing to do" in page.text


def test_what_waits_for_me_stands_first_with_its_due_time(client: Client, world: World) -> None:
    case = world.case_in(State.AWAITING_ANSWER)
    page = home(sign_in(client, world))
    assert f"Your answer is needed: {case.subscription.name}" in page.text
    assert "Answer by" in page.text
    assert "in 14 days" in page.text
    assert page.text.index("Waiting for you") < page.text.index("Next step")


def test_what_waits_for_the_partner_is_not_mine_to_answer(client: Client, world: World) -> None:
    reviewer.ask(world.submitted_by_partner().reference, by=world.actor("rita"), text="How many?")
    assert "Waiting for you" not in home(sign_in(client, world)).text


def test_without_subscriptions_there_is_a_way_on(client: Client, world: World) -> None:
    page = home(sign_in(client, world, "mallory"))
    assert "No subscriptions yet" in page.text
    assert page.links["Check by offer and date"] == "/eligibility/"


def test_a_reader_sees_everything_and_has_no_button_that_is_not_theirs(client: Client, world: World) -> None:
    world.subscription(name="Mail out")
    case = world.case_in(State.AWAITING_ANSWER)
    page = home(sign_in(client, world, "rhea"))
    assert "Blocked, may ask" in page.text
    assert page.links[f"Read the question about {case.subscription.name}"]
    assert not [text for text in page.links if text.startswith(("Ask", "Answer"))]


def test_who_is_in_several_customers_sees_which(client: Client, world: World) -> None:
    CustomerMember.objects.create(user=world.user("olive"), customer=world.fabrikam, role=Role.READER)
    world.subscription(name="Ours")
    world.subscription(name="Theirs", customer=world.fabrikam)
    page = home(sign_in(client, world))
    assert "Contoso, Fabrikam:" in page.text
    assert "Theirs Fabrikam · Pay-As-You-Go" in page.text
    assert "Ask to lift the block for Ours" in page.links
    assert "Ask to lift the block for Theirs" not in page.links


def test_long_lists_are_paged_by_name_forth_and_back(client: Client, world: World) -> None:
    names = [f"Shop {number:03}" for number in range(PAGE + 2)]
    for name in reversed(names):
        world.subscription(name=name)
    sign_in(client, world)
    first = home(client)
    assert [name for name in names if name in first.links] == names[:PAGE]
    second = home(client, first.links["More"])
    assert [name for name in names if name in second.links] == names[PAGE:]
    back = home(client, second.links["Back"])
    assert [name for name in names if name in back.links] == names[:PAGE]


def test_what_needs_something_comes_first_and_each_part_is_looked_at_alone(
    client: Client, world: World
) -> None:
    world.subscription(ENTERPRISE, name="An open one")
    world.subscription(name="Blocked one")
    taken_back, asked = world.case_in(State.REVOKED), world.case_in(State.IN_REVIEW)
    mine = world.case_in(State.SUSPENDED)
    sign_in(client, world)
    page = home(client)
    shown = [mine.subscription.name, taken_back.subscription.name, asked.subscription.name]
    shown += ["Blocked one", "An open one"]
    assert [name for name in page.links if name in shown] == shown
    assert page.links["Open 1"] == "?show=open"
    only = home(client, page.links["Denied or taken back 1"])
    assert [name for name in only.links if name in shown] == [taken_back.subscription.name]
    assert home(client, "?show=open&q=one").links["Blocked 1"] == "?show=blocked&q=one"
    assert "Nothing of yours is in this part" in home(client, "?show=yours&q=one").text


def test_what_was_taken_back_says_so_with_its_day_until_there_is_something_new(
    client: Client, world: World
) -> None:
    case = world.case_in(State.REVOKED)
    sign_in(client, world)
    day = f"{timezone.now():%-d %b %Y}"
    assert f"Revoked {day} · {case.reference}" in home(client).text
    new = world.submitted(case.subscription)
    assert case.reference not in home(client).text
    assert new.reference in home(client).links[f"See the request for {case.subscription.name}"]


def test_one_finds_a_subscription_by_name_or_id(client: Client, world: World) -> None:
    wanted = world.subscription(name="Wanted shop")
    world.subscription(name="Other")
    sign_in(client, world)
    for words in ("wanted", str(wanted.pk), str(wanted.pk)[:8]):
        page = home(client, f"?q={words}")
        assert "Wanted shop" in page.links
        assert "Other" not in page.links
    assert "Nothing found" in home(client, "?q=nowhere").text


@pytest.mark.parametrize(
    "query", ["?q=%00", "?after=x", "?before=%ff", "?q=" + "x" * 3000, "?after=" + "0" * 36]
)
def test_nonsense_in_the_address_is_no_error(client: Client, world: World, query: str) -> None:
    world.subscription(name="Mail out")
    assert "My subscriptions" in home(sign_in(client, world), query).text


def test_the_number_of_queries_does_not_grow(client: Client, world: World) -> None:
    sign_in(client, world)
    for _ in range(2):
        world.case_in(State.AWAITING_ANSWER)
        world.case_in(State.APPROVED)
        world.subscription(CSP)
    few = queries_of(client, HOME)
    for _ in range(4):
        world.case_in(State.AWAITING_ANSWER)
        world.case_in(State.APPROVED)
        world.subscription(CSP)
    assert queries_of(client, HOME) == few <= MOST_QUERIES


def test_the_room_is_for_customers_who_signed_in(client: Client, world: World) -> None:
    assert client.get(HOME).headers["Location"] == "/accounts/login/?next=/requests/"
    for name in ("petra", "rita", "nora"):
        response = sign_in(client, world, name).get(HOME)
        assert response.status_code == 403
        assert "These pages are for customers." in Page(response).text
