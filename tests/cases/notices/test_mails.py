"""Mail about cases: who gets it, what it says, how it is threaded, and what is never in it."""

import re
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as live
from django.http import HttpResponse
from django.utils import timezone

from cases.actions import conversation, customer, partner, reviewer
from cases.actions.reviewer import Verdict
from cases.actions.system import note_offer_changes
from cases.actors import Side
from cases.event_words import WORDS
from cases.models import Case, CaseEvent, Decision, EventKind, State
from cases.notices.parts import written
from cases.telling import messages_for
from outbox import email
from outbox.models import KeptMail, Message
from outbox.put import put
from outbox.relay import deliver_next
from subscriptions.models import CustomerMember, OfferChange, Role
from subscriptions.policy.versions import load_policy
from subscriptions.policy.wording import TEST_COMMAND
from tests.cases.conftest import Mails
from tests.front.page import Page
from tests.outbox.conftest import wait_is_over
from tests.world import APPROVAL, ATTESTATION, CSP, DENIAL, DETAILS, FREE_TRIAL, REVOCATION, World

DECIDED = [
    State.REJECTED,
    State.NOT_NEEDED,
    State.DECLINED,
    State.APPROVED,
    State.DENIED,
    State.SUSPENDED,
    State.REVOKED,
]
CANARY = "canary-4711"


def plain(text: str) -> str:
    """Without line breaks and marks, as a reader has it."""
    return " ".join(re.sub(r"^\s*[>*]\s?", "", text, flags=re.MULTILINE).split())


def marked_up(mail: KeptMail) -> str:
    """What the HTML version says, and where its links lead."""
    page = Page(HttpResponse(mail.html))
    return " ".join([page.text, *page.links.values()])


def said_in(notice: dict[str, Any]) -> list[str]:
    """Everything that a stored notice says, in the words that a mail must have."""
    said = [notice["headline"], notice["what"], notice["text"], notice["relay"], notice["contest"]]
    said += [notice["subscription"]["name"], notice["subscription"]["id"], notice["classification"]]
    for reason in notice["reasons"]:
        said += [reason["title"], reason["text"], reason["would_change"]]
    for fact in notice["facts"]:
        said += [f"{fact['label']}: {fact['value']}", fact["source"]]
    for step in notice["next_steps"]:
        said += [step["text"], step["command"], step["means"]]
    said += [*notice["unmet"], notice["policy"]["id"], f"#clause-{notice['clause']['number']}"]
    said += [f"§{notice['clause']['number']} {notice['clause']['title']}"]
    said += [written(datetime.fromisoformat(notice["since"]))]
    person = "by your partner" if notice["verb"] == "decline" else "by a person"
    said += ["automatically, by the policy" if notice["is_automated"] else person]
    return [plain(each) for each in said if each]


@pytest.mark.parametrize("state", DECIDED)
def test_the_notice_sent_is_the_notice_stored(world: World, mails: Mails, state: State) -> None:
    case = world.case_in(state)
    decision = Decision.objects.filter(case=case).latest("pk")
    mail = mails("olive")[-1]
    assert mail.subject == f"[{case.reference}] {decision.notice['headline']}"
    for said in said_in(decision.notice):
        assert said in plain(mail.text)
        assert said in marked_up(mail)


@pytest.mark.parametrize("state", DECIDED)
def test_subject_and_first_sentence_of_a_decision_name_the_subscription(
    world: World, mails: Mails, state: State
) -> None:
    name = world.case_in(state).subscription.name
    told = {"olive", "petra"} if state == State.DECLINED else {"olive"}
    for mail in (mails(person)[-1] for person in told):
        assert name in mail.subject
        assert name in plain(mail.text.split("\n\n")[2])


@pytest.mark.parametrize(("who", "room"), [("olive", "requests"), ("petra", "partner")])
def test_an_approval_says_what_comes_next(world: World, mails: Mails, who: str, room: str) -> None:
    reference = world.checked(world.submitted_by_partner()).reference
    reviewer.approve(reference, APPROVAL, by=world.actor("rita"))
    mail = mails(who)[-1]
    for said in (
        TEST_COMMAND,
        f"{live.BASE_URL}/{room}/readiness/?case={reference}",
        "Keep complaints low",
        f"{live.BASE_URL}/policy/azure-2017-11-15/#clause-3.5",
    ):
        assert said in plain(mail.text)
        assert said in marked_up(mail)


def test_a_notice_of_not_yet_names_conditions_and_day(world: World, mails: Mails, tmp_path: Path) -> None:
    load_policy(_example_in_force(tmp_path / "first-invoice.yaml"))
    world.knows(world.contoso, account_opened_on=timezone.now().date().isoformat(), paid_invoices="1")
    case = world.submitted()
    decision = Decision.objects.get(case=case)
    assert case.state == State.REJECTED
    mail = mails("olive")[-1]
    assert "NOT MET YET" in mail.text
    again_from = date.fromisoformat(decision.notice["ask_again_from"])
    assert f"You can ask again from {again_from:%-d %b %Y}." in mail.text
    for said in said_in(decision.notice):
        assert said in plain(mail.text)


def _example_in_force(path: Path) -> Path:
    """A shipped example as a policy of its own, in force since yesterday."""
    example = live.BASE_DIR / "subscriptions" / "policy" / "shipped" / "example-first-invoice.yaml"
    yesterday = timezone.now() - timedelta(days=1)
    head = f"id: first-invoice\neffective_from: {yesterday:%Y-%m-%dT00:00:00Z}"
    path.write_text(example.read_text().replace("id: example-first-invoice", head, 1))
    return path


def test_a_second_notice_of_the_same_kind_is_its_own(world: World, mails: Mails) -> None:
    case = world.case_in(State.SUSPENDED)
    rita = world.actor("rita")
    reviewer.resume(case.reference, Verdict(["matter_settled"]), by=rita)
    reviewer.suspend(case.reference, Verdict(["compromised"], text="The second time."), by=rita)
    suspended = [mail for mail in mails("olive") if "Suspended" in mail.subject]
    assert ["The second time." in mail.text for mail in suspended] == [False, True]


def test_who_is_told(world: World, mails: Mails) -> None:
    """Whoever may act for the customer, and reviewers without an interest; readers and others are not."""
    world.case_in(State.IN_REVIEW)
    told = {mail.to.partition("@")[0] for mail in mails()}
    assert told == {"olive", "conrad", "rita", "remy", "sena"}


def test_the_partner_reads_of_its_customer(world: World, mails: Mails) -> None:
    case = world.case_in(State.DECLINED)
    asked, declined = mails("petra")
    assert asked.subject.endswith(f"Contoso asks you to vouch for {case.subscription.name}")
    assert f"{live.BASE_URL}/partner/{case.reference}/" in asked.text
    assert "Declined by Northwind Cloud" in declined.subject
    assert "Northwind Cloud did not pass the request on" in plain(declined.text)
    assert "WHY, IN THE WORDS OF NORTHWIND CLOUD" in declined.text
    assert "Why, in the words of Northwind Cloud" in marked_up(declined)
    assert mails("prue") == mails("quentin") == []


def test_nobody_gets_their_own_message_back(world: World, mails: Mails) -> None:
    case = world.case_in(State.IN_REVIEW)
    before = {name: len(mails(name)) for name in ("olive", "conrad", "rita")}
    conversation.send_message(case.reference, by=world.actor("olive"), text="Any news?\n> Not mine.")
    assert len(mails("olive")) == before["olive"]
    assert len(mails("conrad")) == before["conrad"] + 1
    assert "> Any news?\n> > Not mine." in mails("rita")[-1].text


def test_a_disputed_rejection_reaches_the_desk(world: World, mails: Mails) -> None:
    world.submitted(world.subscription(FREE_TRIAL))
    assert mails("rita") == []
    subscription = world.subscription(FREE_TRIAL)
    claim = replace(DETAILS, data_claim="We moved to pay-as-you-go.")
    customer.ask_to_lift(subscription.pk, claim, by=world.actor("olive"))
    assert "Data disputed" in mails("rita")[-1].subject


def everything(world: World) -> None:
    """Every kind of event that anybody is told of, with private words wherever there can be any."""
    rita, sena, petra, olive = (world.actor(name) for name in ("rita", "sena", "petra", "olive"))
    secret = {"private_note": CANARY}
    for state in (State.REJECTED, State.NOT_NEEDED, State.DECLINED, State.WITHDRAWN):
        world.case_in(state)
    reference = world.submitted(world.subscription(CSP)).reference
    partner.vouch(reference, ATTESTATION, by=petra)
    conversation.write_note(reference, by=rita, text=CANARY)
    conversation.send_message(reference, by=petra, text="Hello")
    reviewer.ask(reference, by=rita, text="To whom?")
    customer.answer(reference, by=olive, text="To all.")
    reviewer.deny(reference, Verdict(["relay_would_do"], **secret), by=rita)
    case = world.case_in(State.IN_REVIEW)
    reviewer.approve(case.reference, Verdict(["direct_sending_justified"], **secret), by=rita)
    reviewer.suspend(case.reference, Verdict(["compromised"], **secret), by=rita)
    reviewer.resume(case.reference, Verdict(["matter_settled"], **secret), by=rita)
    _change_offer(case)
    reviewer.clear_flag(case.reference, by=rita, text=CANARY)
    reviewer.revoke(case.reference, Verdict(["terms_violated"], **secret), by=sena)
    rejected = world.case_in(State.REJECTED)
    reviewer.reopen(rejected.reference, by=rita, text=CANARY)


def _change_offer(case: Case) -> None:
    subscription = case.subscription
    subscription.offer_id = FREE_TRIAL
    subscription.save()
    OfferChange.objects.create(subscription=subscription, before={}, after={})
    assert note_offer_changes() == 1


def test_every_kind_of_event_makes_its_mails_and_no_private_word_is_in_any(
    world: World, mails: Mails
) -> None:
    everything(world)
    told = {kind for kind, words in WORDS.items() if words.mails}
    assert told <= set(CaseEvent.objects.values_list("kind", flat=True))
    sent = mails()
    assert sent
    for mail in sent:
        assert CANARY not in f"{mail.subject}{mail.text}{mail.html}{mail.headers}"
        assert "{" not in mail.text
        assert mail.html
    outside = [mail for mail in sent if mail.to.partition("@")[0] in ("olive", "conrad", "petra")]
    assert not any("flag" in mail.text.lower() or "in question" in mail.text for mail in outside)


def test_mails_of_a_case_and_a_person_stand_in_one_thread(world: World, mails: Mails) -> None:
    case = world.case_in(State.REVOKED)
    first, *later = mails("olive")
    assert "References" not in first.headers
    assert {mail.headers["References"] for mail in later} == {first.headers["Message-ID"]}
    assert {mail.headers["In-Reply-To"] for mail in later} == {first.headers["Message-ID"]}
    every = [mail.headers["Message-ID"] for mail in mails()]
    assert len(set(every)) == len(every)
    assert {mail.headers["Auto-Submitted"] for mail in mails()} == {"auto-generated"}
    assert all(case.reference in mail.subject for mail in mails())


def test_a_reviewers_first_mail_opens_the_thread_whenever_it_comes(world: World, mails: Mails) -> None:
    case = world.submitted(world.subscription(CSP))
    partner.vouch(case.reference, ATTESTATION, by=world.actor("petra"))
    (first,) = mails("rita")
    assert "References" not in first.headers


def test_an_approval_never_lands_after_the_revocation(
    world: World, mails: Mails, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The approval's announcement fails at first, and its mail to one person fails once more."""
    case = world.case_in(State.IN_REVIEW)
    mails()
    reviewer.approve(case.reference, APPROVAL, by=world.actor("rita"))
    reviewer.revoke(case.reference, REVOCATION, by=world.actor("sena"))
    send, failures = email._send, iter([True])

    def failing_once(mail: Any) -> None:
        if "Approved" in mail.subject and next(failures, False):
            raise TimeoutError
        send(mail)

    monkeypatch.setattr(email, "_send", failing_once)
    while deliver_next():
        pass
    assert Message.objects.filter(sent_at=None).exists()
    wait_is_over()
    for name in ("olive", "conrad"):
        about = [mail.subject.partition("] ")[2] for mail in mails(name)]
        subscription = case.subscription.name
        assert about[-2:] == [
            f"Approved: port 25 is open for {subscription}",
            f"Revoked: port 25 is blocked again for {subscription}",
        ]


def test_each_payload_carries_the_cases_version(world: World) -> None:
    case = world.case_in(State.APPROVED)
    payloads = Message.objects.filter(thread=case.reference).values_list("payload", flat=True)
    assert {(p["reference"], p["seq"]) for p in payloads} == {
        (case.reference, 2),
        (case.reference, case.version),
    }


@pytest.mark.parametrize(
    "name", ["Shop\r\nBcc: all@example.com", "<script>alert(1)</script>", "{0} {due}", "x" * 200]
)
def test_hostile_names_stay_names(world: World, mails: Mails, name: str) -> None:
    world.contoso.name = name
    world.contoso.save()
    person = world.user("olive")
    person.name = name[:120]
    person.save()
    case = world.submitted(world.subscription(CSP, name=name))
    partner.vouch(case.reference, ATTESTATION, by=world.actor("petra"))
    for mail in mails():
        assert "Bcc" not in mail.headers
        assert "\n" not in mail.subject
        assert len(mail.subject) <= 150
        assert not re.search(r"^Bcc:", mail.text, flags=re.MULTILINE)
        assert "<script>" not in mail.html
    assert plain(name) in plain(mails("petra")[0].text)


def test_plain_text_fits_a_plain_reader(world: World, mails: Mails) -> None:
    world.case_in(State.DENIED)
    text = mails("olive")[-1].text
    assert all(len(line) <= 72 for line in text.splitlines() if "http" not in line)
    assert "answer in the\ncase" in text


def test_people_who_left_get_nothing(world: World, mails: Mails) -> None:
    world.case_in(State.DENIED)
    olive = world.user("olive")
    olive.is_active = False
    olive.save()
    CustomerMember.objects.filter(user=world.user("conrad")).update(role=Role.READER)
    assert mails("olive") == mails("conrad") == []


def test_a_message_put_twice_makes_one_mail(world: World, mails: Mails) -> None:
    case = world.case_in(State.DENIED)
    before = len(mails())
    put(messages_for(case, CaseEvent.objects.filter(case=case)))
    assert len(mails()) == before == KeptMail.objects.count()
    assert DENIAL.private_note not in mails("olive")[-1].text
    assert Side.CUSTOMER in WORDS[EventKind.DENIED].mails
