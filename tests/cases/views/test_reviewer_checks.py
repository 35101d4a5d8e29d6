"""What the desk sees of the checks: on the page of a case, while they run, again, and in the queue."""

import pytest
from django.test import Client

from cases.actions.checks import end_overdue_rounds, end_run
from cases.antifraud.registry import registry
from cases.antifraud.signals import Signal, Subject
from cases.models import CheckRound, Finding, RuleMode, State, TraitKind
from tests.cases.rules import rule_in
from tests.cases.views.checking import ended, found, quiet, running, signal
from tests.cases.views.reading import MOST_QUERIES, queries_of, sign_in
from tests.front.page import Page
from tests.world import World


def path_of(case: object, part: str = "") -> str:
    return f"/review/{case}/{part}"


def see(client: Client, path: str) -> Page:
    response = client.get(path)
    assert response.status_code == 200, path
    return Page(response)


def test_signals_stand_with_evidence_flags_first_and_lead_to_what_they_point_at(
    world: World, client: Client
) -> None:
    case = ended(world.submitted())
    page = see(sign_in(client, world, "audrey"), path_of(case))
    text = page.text
    order = [
        text.index(words)
        for words in (
            "A card is shared.",
            "DMARC is missing.",
            "The registry did not answer.",
            "SPF lets nobody",
        )
    ]
    assert order == sorted(order)
    for words in (
        "Sending domains: DMARC Flagged",
        f"{registry()['domain_age'].title} Unknown",
        "Sending domains: SPF Clear",
        "Publish v=DMARC1; p=none",
        "from a test",
        "counts 40",
        "unknown, would count",
        "Proves",
        "Does not prove",
        registry()["links"].proves_not,
        registry()["blocklists"].unknown_means,
    ):
        assert words in text, words
    assert "/review/linked/domain/shop.example/" in page.links.values()
    odd = next(link for link in page.links.values() if "/linked/payment/" in link)
    assert "fp/odd?#%20 ü" in see(client, odd).text


def test_a_band_stands_with_its_parts_in_words(world: World, client: Client) -> None:
    case = ended(world.submitted())
    text = see(sign_in(client, world, "rita"), path_of(case)).text
    assert case.band == "incomplete"
    assert "Incomplete: what could not be checked might lift it" in text
    assert "Links: payment fingerprint counts 40" in text


def test_a_party_is_pointed_at_without_its_number(world: World, client: Client) -> None:
    def of_customer(slug: str) -> list[Signal]:
        subject = Subject(TraitKind.CUSTOMER, str(world.contoso.pk))
        return (
            [signal("history_customer", Finding.FLAGGED, subject=subject)]
            if slug == "history"
            else quiet(slug)
        )

    page = see(sign_in(client, world, "rita"), path_of(ended(world.submitted(), of_customer)))
    assert page.links["Cases with this customer"] == f"/review/linked/customer/{world.contoso.pk}/"


def test_a_part_that_is_flagged_of_several_counts_once(world: World, client: Client) -> None:
    def of_many(slug: str) -> list[Signal]:
        if slug != "domain_records":
            return quiet(slug)
        names = (f"{number}.example" for number in range(20))
        return [signal("dmarc", Finding.FLAGGED, subject=Subject(TraitKind.DOMAIN, name)) for name in names]

    case = ended(world.submitted(), of_many)
    text = see(sign_in(client, world, "rita"), path_of(case)).text
    assert case.band == "low"
    assert text.count("dmarc is flagged.") == 20
    assert text.count("· counts 3") == 1
    assert text.count("Sending domains: DMARC counts 3") == 1


def test_a_check_that_failed_says_so_once_and_its_parts_stand_in_the_band(
    world: World, client: Client
) -> None:
    case = ended(world.submitted(), lambda slug: None if slug in ("account", "links") else quiet(slug))
    text = see(sign_in(client, world, "rita"), path_of(case)).text
    account = registry()["account"]
    assert text.count("Account could not be checked: it failed (OSError).") == 1
    assert f"would count {sum(account.weights.values())}" in text
    assert "Account: disputed invoices unknown, would count 25" in text
    assert "Links: sign-up network unknown, would count 10" in text


def test_a_running_round_says_how_far_it_is_and_asks_again_until_it_ends(
    world: World, client: Client
) -> None:
    case = world.submitted()
    check_round = running(case)
    rita = sign_in(client, world, "rita")
    page = see(rita, path_of(case))
    assert f"0 of {len(registry())}" in page.text
    assert "Nobody can approve it before its checks have ended" in page.text
    assert "Run the checks again" not in page.text
    polled = [each for each in page.attributes("section") if each.get("hx-get")]
    assert [each["hx-get"] for each in polled] == [path_of(case, "checks/")]
    CheckRound.objects.filter(pk=check_round.pk).update(deadline_at=check_round.started_at)

    end_overdue_rounds()
    part = rita.get(path_of(case, "checks/"), headers={"HX-Request": "true"})
    assert b"<html" not in part.content
    assert b"hx-get" not in part.content
    assert b"The checks have ended" in part.content
    assert "Nobody can approve" not in see(rita, path_of(case)).text


def test_without_htmx_the_part_is_the_page(world: World, client: Client) -> None:
    case = ended(world.submitted())
    response = sign_in(client, world, "rita").get(path_of(case, "checks/"))
    assert (response.status_code, response.headers["Location"]) == (302, path_of(case))


def test_checks_are_run_again_and_the_round_before_says_what_changed(world: World, client: Client) -> None:
    case = ended(world.submitted())
    rita = sign_in(client, world, "rita")
    assert "Run the checks again" in see(rita, path_of(case)).text
    assert rita.post(path_of(case, "checks/")).status_code == 302
    second = CheckRound.objects.get(case=case, number=2)
    assert second.started_by == world.user("rita")
    assert "by Rita" in see(rita, path_of(case)).text
    conflict = rita.post(path_of(case, "checks/"))
    assert conflict.status_code == 409
    assert "The checks of this case run already" in Page(conflict).text

    for run in second.runs.all():
        end_run(run.pk, quiet(run.check_slug) if run.check_slug != "domain_records" else found("links"))
    text = see(rita, path_of(case)).text
    assert "Round 1" in text
    assert "Sending domains: DMARC shop.example Flagged then gone" in text
    first = see(rita, path_of(case, "checks/1/")).text
    assert "Round 1 of its checks" in first
    assert "Sending domains: DMARC shop.example Flagged then gone" in first
    assert rita.get(path_of(case, "checks/3/")).status_code == 404


@pytest.mark.parametrize(("who", "status"), [("audrey", 403), ("tied", 403), ("sena", 302)])
def test_only_who_may_decide_runs_them(world: World, client: Client, who: str, status: int) -> None:
    case = ended(world.submitted())
    offered = "Run the checks again" in see(sign_in(client, world, who), path_of(case)).text
    assert offered is (status == 302)
    assert client.post(path_of(case, "checks/")).status_code == status


def test_a_case_that_is_decided_is_not_checked_again(world: World, client: Client) -> None:
    case = world.case_in(State.DENIED)
    rita = sign_in(client, world, "rita")
    assert "Run the checks" not in see(rita, path_of(case)).text
    refused = rita.post(path_of(case, "checks/"))
    assert refused.status_code == 409
    assert "not in review now" in Page(refused).text


def test_a_case_without_rounds_says_so(world: World, client: Client) -> None:
    assert (
        "None were made." in see(sign_in(client, world, "rita"), path_of(world.case_in(State.REJECTED))).text
    )


def test_the_page_takes_the_same_queries_however_often_it_was_checked(world: World, client: Client) -> None:
    rita = sign_in(client, world, "rita")
    once = ended(world.submitted())
    often = world.submitted()
    for _ in range(7):
        ended(often)
    first, last = queries_of(rita, path_of(once)), queries_of(rita, path_of(often))
    assert first == last <= MOST_QUERIES
    assert "2 older rounds not shown" in see(rita, path_of(often)).text


def test_the_queue_shows_the_band_and_is_narrowed_to_it(world: World, client: Client) -> None:
    flagged, clear = ended(world.submitted()), ended(world.submitted(), quiet)
    rita = sign_in(client, world, "rita")
    text = see(rita, "/review/?state=").text
    assert "Incomplete" in text
    assert "Low" in text
    page = see(rita, "/review/?state=&band=low")
    assert clear.reference in page.text
    assert flagged.reference not in page.text
    assert rita.get("/review/?state=&band=worst").status_code == 400


def test_what_rules_said_stands_with_the_round(world: World, client: Client) -> None:
    rule_in(world, RuleMode.SHADOW)
    rule_in(world, RuleMode.SHADOW, "small", when="{bands: [low], most_daily_volume: 1}")
    text = see(sign_in(client, world, "rita"), path_of(ended(world.submitted(), quiet))).text
    assert "The rule quick in the shadow would have decided this case" in text
    assert "The rule small in the shadow leaves it to people: the volume is" in text
