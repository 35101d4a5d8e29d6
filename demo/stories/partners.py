"""Requests through Cloud Solution Providers: routed, vouched for, declined, or sent by the partner."""

from cases.actions.checks import end_overdue_rounds
from cases.actions.conversation import send_message, write_note
from cases.actions.customer import answer
from cases.actions.partner import decline
from cases.actions.reviewer import ask
from cases.details import DeclineDetails
from demo.stage import Stage, Story


def events_are_vouched_for(stage: Stage) -> Story:
    """The customer asks, the partner vouches, a reviewer approves."""
    yield stage.workdays_ago(17, "09:50")
    case = stage.request("fjordlight.events", by="customer")
    yield stage.workdays_later(1, "13:05")
    text = "We run their ticket machines ourselves and watched the delivery reports for a month."
    stage.vouch(case, by="partner", attested=text)
    yield stage.workdays_later(1, "10:20")
    stage.approve(
        case, "partner_vouched", "direct_sending_justified", by="reviewer", note="Northgate is careful."
    )


def tills_are_declined(stage: Stage) -> Story:
    """The partner sees that a relay would do."""
    yield stage.workdays_ago(13, "16:00")
    case = stage.request("fjordlight.tills", by="jonas@fjordlight.example")
    yield stage.workdays_later(2, "09:10")
    text = (
        "Our device manager can set the relay's password on all 140 tills in one go, so nobody has to type it. "
        "Leo does it with you on Thursday; then port 25 is not needed."
    )
    change = "A till that cannot log in to a relay at all. Show us one, and ask again."
    decline(case, DeclineDetails(text, change), by=stage.by("partner"))


def bookclub_waits_for_its_partner(stage: Stage) -> Story:
    """With the partner, due in a few hours; the customer has written once more."""
    yield stage.due_in(workdays=5, hours=5)
    case = stage.request("fjordlight.bookclub", by="customer")
    yield stage.workdays_ago(2, "14:30")
    text = "Dear Ingrid, is there anything that you need from us for this? Our members ask every week."
    send_message(case, by=stage.by("customer"), text=text)


def telehealth_is_sent_by_its_partner(stage: Stage) -> Story:
    """The partner asks for its customer: in review, due tomorrow or so."""
    yield stage.due_in(workdays=2, hours=20)
    text = "Kestrel signed our terms for video services; identity and purpose were checked on site."
    case = stage.request_for_customer("kestrel.telehealth", by="partner2", attested=text)
    yield stage.later(hours=2)
    write_note(case, by=stage.by("reviewer2"), text="Bluepine's attestations held so far: 6 of 6.")


def pharmacy_waits_for_its_partners_answer(stage: Stage) -> Story:
    """The partner asked, so the partner answers. No worker made its checks in time: all is unknown."""
    yield stage.workdays_ago(4, "08:15")
    text = "We host the pharmacy format's gateway and tested two relays with its makers."
    case = stage.request_for_customer("kestrel.pharmacy", by="sofia@bluepine.example", attested=text)
    stage.left_unchecked.add(case)
    yield stage.later(minutes=11)
    end_overdue_rounds()
    yield stage.workdays_later(1, "15:10")
    text = "Which two relays were tested, and what exactly did each change in the envelope?"
    ask(case, by=stage.by("reviewer"), text=text)


def intake_is_late_at_its_partner(stage: Stage) -> Story:
    """With the partner for longer than was promised."""
    yield stage.workdays_ago(8, "10:10")
    stage.request("kestrel.intake", by="helen@kestrel.example")


def invoices_are_vouched_for_and_denied(stage: Stage) -> Story:
    """A partner's word does not mend missing records."""
    yield stage.workdays_ago(15, "12:20")
    case = stage.request("kestrel.invoices", by="customer2")
    yield stage.workdays_later(1, "09:00")
    stage.vouch(case, by="partner2", attested="Old customer of ours, no complaint in four years.")
    yield stage.later(hours=5)
    text = "invoices.kestrel.example has neither SPF nor DKIM, and 192.0.2.33 has no name. Please publish them first."
    stage.deny(case, "domain_not_ready", by="reviewer2", text=text)
    yield stage.workdays_later(1, "08:55")
    text = "Understood. Rafael's team sets the records, and then we ask again."
    send_message(case, by=stage.by("customer2"), text=text)


def dental_is_vouched_for_today(stage: Stage) -> Story:
    """Vouched for a few hours ago: in review, due later."""
    yield stage.workdays_ago(3, "09:35")
    case = stage.request("kestrel.dental", by="customer2")
    yield stage.ago(hours=3.5)
    text = "Forwarding for fourteen practices; we tried sender rewriting, and two practices' software breaks on it."
    stage.vouch(case, by="partner2", attested=text)


def osaka_waits_for_its_partner(stage: Stage) -> Story:
    """With the partner since this morning."""
    yield stage.ago(hours=6)
    stage.request("kestrel.clinic_jp", by="helen@kestrel.example")


def timetable_waits_for_its_partner(stage: Stage) -> Story:
    """With the other partner since yesterday."""
    yield stage.ago(hours=25)
    stage.request("brightwater.timetable", by="ellen@brightwater.example")


def music_school_is_approved(stage: Stage) -> Story:
    """Sent by the partner, asked back once, approved."""
    yield stage.workdays_ago(18, "10:00")
    text = "Identity known since 2019. Lists are closed: a teacher adds each parent after they asked."
    case = stage.request_for_customer("brightwater.music", by="partner", attested=text)
    yield stage.later(hours=6)
    ask(case, by=stage.by("reviewer2"), text="How does a parent leave a list?")
    yield stage.workdays_later(1, "08:40")
    text = "Each message ends with a link to leave, and a List-Unsubscribe header is set. We tried both."
    answer(case, by=stage.by("leo@northgate.example"), text=text)
    yield stage.later(hours=4)
    note = "Identity is not verified with us; Northgate has known them since 2019, and the lists are closed."
    stage.approve(case, "partner_vouched", by="reviewer2", note=note)


def boarding_house_is_declined(stage: Stage) -> Story:
    """Declined with a way on."""
    yield stage.workdays_ago(10, "15:15")
    case = stage.request("brightwater.boarding", by="david@brightwater.example")
    yield stage.workdays_later(1, "11:30")
    text = "120 letters a week are well within the relay that is part of your plan. Sofia sends you the settings."
    change = "More letters than the relay takes, which is 2,000 a day."
    decline(case, DeclineDetails(text, change), by=stage.by("partner2"))


STORIES = (
    events_are_vouched_for,
    tills_are_declined,
    bookclub_waits_for_its_partner,
    telehealth_is_sent_by_its_partner,
    pharmacy_waits_for_its_partners_answer,
    intake_is_late_at_its_partner,
    invoices_are_vouched_for_and_denied,
    dental_is_vouched_for_today,
    osaka_waits_for_its_partner,
    timetable_waits_for_its_partner,
    music_school_is_approved,
    boarding_house_is_declined,
)
