"""Requests that reviewers decided, and one that was taken back."""

from cases.actions.conversation import send_message, write_note
from cases.actions.customer import answer, withdraw
from cases.actions.reviewer import ask
from demo.stage import Stage, Story


def shop_is_approved(stage: Stage) -> Story:
    """Approved after a question; later asked for again, which is not needed."""
    yield stage.workdays_ago(28, "09:12")
    case = stage.request("fjordlight.shop", by="customer")
    yield stage.later(hours=4)
    write_note(
        case, by=stage.by("reviewer"), text="Old customer, invoices paid. Volume fits the shop's size."
    )
    question = (
        "Thank you for the clear request. Which of the two addresses will send, and does each have a name "
        "that resolves back to it? Both libraries look at that."
    )
    ask(case, by=stage.by("reviewer"), text=question)
    yield stage.workdays_later(1, "08:20")
    reply = (
        "Both send: 203.0.113.10 over IPv4 and 2001:db8:10::25 over IPv6. Both resolve to "
        "mail.fjordlight.example and back since this morning; the second one was missing, thank you."
    )
    answer(case, by=stage.by("customer"), text=reply)
    yield stage.later(hours=2)
    stage.approve(
        case,
        "direct_sending_justified",
        by="reviewer",
        text="Please keep both names in step when you change an address.",
        note="PTR checked for both. SPF and DMARC are there.",
    )
    yield stage.later(hours=1)
    send_message(case, by=stage.by("customer"), text="It works: the first 40 receipts are out. Thank you!")
    yield stage.workdays_ago(5, "15:47")
    stage.request("fjordlight.shop", by="jonas@fjordlight.example")


def reminders_are_approved(stage: Stage) -> Story:
    """Approved within a day, without a question."""
    yield stage.workdays_ago(25, "07:55")
    case = stage.request("kestrel.reminders", by="customer2")
    yield stage.later(hours=7)
    note = "The contract's annex on data protection is attached to their account. Fine."
    stage.approve(case, "direct_sending_justified", by="reviewer2", note=note)


def insurers_are_approved(stage: Stage) -> Story:
    """Approved by the senior reviewer after two questions."""
    yield stage.workdays_ago(16, "13:30")
    case = stage.request("kestrel.insurers", by="helen@kestrel.example")
    yield stage.later(hours=3)
    ask(
        case,
        by=stage.by("reviewer2"),
        text="Which insurers ask for the client certificate, and who issued it?",
    )
    yield stage.workdays_later(1, "09:05")
    reply = (
        "All nine do. The certificate is from the health insurers' own authority; I can send you its name."
    )
    answer(case, by=stage.by("helen@kestrel.example"), text=reply)
    yield stage.later(hours=2)
    ask(case, by=stage.by("reviewer2"), text="The name of the authority is enough, please.")
    yield stage.later(hours=1)
    answer(
        case,
        by=stage.by("helen@kestrel.example"),
        text="Trust Centre of the United Health Insurers, class 3.",
    )
    yield stage.workdays_later(1, "10:10")
    stage.approve(case, "direct_sending_justified", by="senior", note="I know this authority. Approved.")


def staff_mail_is_approved(stage: Stage) -> Story:
    """Approved five weeks ago for the school trust."""
    yield stage.workdays_ago(27, "08:45")
    case = stage.request("brightwater.staff_mail", by="ellen@brightwater.example")
    yield stage.workdays_later(1, "14:25")
    stage.approve(
        case,
        "direct_sending_justified",
        by="senior",
        note="Called the office; Ms Fairweather is who she says.",
    )


def newsletter_is_denied_and_asked_again(stage: Stage) -> Story:
    """Denied, since consent is not shown; asked for again, and now a question waits."""
    yield stage.workdays_ago(22, "16:18")
    case = stage.request("fjordlight.newsletter", by="jonas@fjordlight.example")
    yield stage.workdays_later(1, "11:02")
    question = "How did the 310,000 readers of the new list agree to get the newsletter, and when?"
    ask(case, by=stage.by("reviewer2"), text=question)
    yield stage.later(hours=3)
    reply = "They are customers of the shops that we took over. We assume that they like books."
    answer(case, by=stage.by("jonas@fjordlight.example"), text=reply)
    yield stage.workdays_later(1, "09:40")
    text = (
        "Buying a book from a shop that you took over is no consent to your newsletter. Your own readers are."
    )
    note = "Bought list in all but name. Look twice when they ask again."
    stage.deny(case, "consent_not_shown", by="reviewer2", text=text, note=note)
    yield stage.workdays_ago(3, "10:31")
    again = stage.request("fjordlight.newsletter", by="customer")
    text = (
        "We have dropped the list that we took over. What is left are 21,400 readers who confirmed by mail."
    )
    send_message(again, by=stage.by("customer"), text=text)
    yield stage.workdays_later(1, "12:12")
    question = (
        "That is good to read. Can you show us the confirmation mail, and where a reader leaves the list?"
    )
    ask(again, by=stage.by("reviewer"), text=question)


def wellness_is_denied(stage: Stage) -> Story:
    """Denied: a relay would do. The customer disagrees, and a person answers."""
    yield stage.workdays_ago(12, "10:50")
    case = stage.request("kestrel.wellness", by="customer2")
    yield stage.workdays_later(1, "15:33")
    text = (
        "A monthly letter has no hurry and no special path. The relay examples on our pages fit it as it is."
    )
    stage.deny(
        case, "relay_would_do", by="reviewer", text=text, note="Polite customer; the reason is cost alone."
    )
    yield stage.workdays_later(1, "09:15")
    text = (
        "I read that, but the relay costs us 380 a year for one letter a month. Is there really no other way?"
    )
    send_message(case, by=stage.by("customer2"), text=text)
    yield stage.later(hours=5)
    text = (
        "We understand. Several relays are free at one letter of 24,000 a month if it goes out over a few days, "
        "and nothing is restricted on 587 and 443. If a relay refuses something, tell us what, and we look again."
    )
    send_message(case, by=stage.by("reviewer"), text=text)


def rota_is_denied_by_the_checks(stage: Stage) -> Story:
    """Denied for what the additional checks showed; the note says it, the notice does not."""
    yield stage.workdays_ago(9, "11:20")
    case = stage.request("kestrel.rota", by="helen@kestrel.example")
    yield stage.later(hours=6)
    note = "The domain was registered days before the request, and by somebody who is not Kestrel."
    write_note(case, by=stage.by("reviewer2"), text=note)
    yield stage.workdays_later(1, "13:13")
    stage.deny(
        case, "trust_checks_not_passed", by="senior", note="Called Kestrel: they know of no rota mail."
    )


def alumni_are_denied_without_an_answer(stage: Stage) -> Story:
    """A question that was answered beside the point."""
    yield stage.workdays_ago(20, "09:00")
    case = stage.request("brightwater.alumni", by="david@brightwater.example")
    yield stage.workdays_later(1, "10:00")
    ask(
        case,
        by=stage.by("reviewer"),
        text="What did the relay that you tried refuse, with its error message?",
    )
    yield stage.workdays_later(3, "16:40")
    answer(
        case, by=stage.by("david@brightwater.example"), text="We did not try one. The cellar always worked."
    )
    yield stage.workdays_later(1, "08:35")
    stage.deny(
        case,
        "no_answer",
        "relay_would_do",
        by="reviewer",
        text="Please try a relay first; we help you set it up.",
    )


def old_gateway_is_withdrawn(stage: Stage) -> Story:
    """Taken back: a relay did it after all."""
    yield stage.workdays_ago(14, "10:05")
    case = stage.request("fjordlight.old_mail", by="customer")
    yield stage.later(hours=5)
    text = "Would it do to forward through your relay with the sender rewritten (SRS)? Postfix can do that."
    ask(case, by=stage.by("reviewer"), text=text)
    yield stage.workdays_later(1, "11:44")
    text = "It would! We set it up this morning, and the forwarded mail arrives. We take the request back."
    send_message(case, by=stage.by("customer"), text=text)
    withdraw(case, by=stage.by("customer"))


STORIES = (
    shop_is_approved,
    reminders_are_approved,
    insurers_are_approved,
    staff_mail_is_approved,
    newsletter_is_denied_and_asked_again,
    wellness_is_denied,
    rota_is_denied_by_the_checks,
    alumni_are_denied_without_an_answer,
    old_gateway_is_withdrawn,
)
