"""Requests that the desk has now: overdue, due soon, due later, and those that wait for an answer."""

from cases.actions.conversation import send_message, write_note
from cases.actions.customer import answer
from cases.actions.reviewer import ask
from demo.stage import Stage, Story


def orders_are_overdue(stage: Stage) -> Story:
    """Two working days late; the customer asks what is up."""
    yield stage.workdays_ago(5, "09:18")
    case = stage.request("fjordlight.orders", by="customer")
    yield stage.workdays_later(1, "11:25")
    note = "Waiting for the clearing house to confirm what they check. Their desk is slow."
    write_note(case, by=stage.by("reviewer2"), text=note)
    yield stage.workdays_ago(1, "08:10")
    text = "Good morning, the page says that this should be decided by now. Is something missing from us?"
    send_message(case, by=stage.by("customer"), text=text)


def results_are_overdue(stage: Stage) -> Story:
    """A little late."""
    yield stage.workdays_ago(3, "16:20")
    stage.request("kestrel.results", by="customer2")


def returns_are_due_soon(stage: Stage) -> Story:
    """Due within hours, answered in time."""
    yield stage.due_in(workdays=2, hours=3)
    case = stage.request("fjordlight.returns", by="jonas@fjordlight.example")
    yield stage.later(minutes=35)
    text = "One addition: the carriers' machines are at intake.carrier.example and labels.parcel.example."
    send_message(case, by=stage.by("jonas@fjordlight.example"), text=text)


def theatre_is_due_soon(stage: Stage) -> Story:
    """Due today or on the next working day."""
    yield stage.due_in(workdays=2, hours=7)
    stage.request("brightwater.theatre", by="david@brightwater.example")


def press_is_new(stage: Stage) -> Story:
    """Came in within the last hour."""
    yield stage.ago(minutes=40)
    stage.request("fjordlight.press", by="customer")


def gateway_has_no_date(stage: Stage) -> Story:
    """No creation time, so the side of the cut-off is open: a person decides."""
    yield stage.ago(hours=9)
    case = stage.request("kestrel.gateway", by="customer2")
    yield stage.later(hours=1)
    text = "We have had this subscription since spring 2019, if that helps. Tomasz"
    send_message(case, by=stage.by("customer2"), text=text)


def benefits_fit_several_families(stage: Stage) -> Story:
    """A quotaId that stands for two families: a question was answered, the case is in review again."""
    yield stage.workdays_ago(6, "09:55")
    case = stage.request("fjordlight.benefits", by="customer")
    yield stage.workdays_later(1, "10:05")
    text = (
        "The data says MPN without an offer: that is either Microsoft Partner Network or Visual Studio Enterprise "
        "(MPN). Which offer does the first invoice of this subscription name?"
    )
    ask(case, by=stage.by("reviewer"), text=text)
    yield stage.ago(hours=4)
    answer(
        case, by=stage.by("customer"), text="MS-AZR-0025P, on the invoice of March 2020. I keep it at hand."
    )


def sponsored_is_not_named(stage: Stage) -> Story:
    """An offer that the policy does not name."""
    yield stage.ago(hours=21)
    case = stage.request("fjordlight.sponsored", by="jonas@fjordlight.example")
    yield stage.later(hours=2)
    note = (
        "Sponsorship is in no rule. Asked the policy people; until they answer we judge the request itself."
    )
    write_note(case, by=stage.by("senior"), text=note)


def canteen_contradicts_itself(stage: Stage) -> Story:
    """Offer and quotaId are at odds."""
    yield stage.ago(hours=30)
    stage.request("brightwater.canteen", by="ellen@brightwater.example")


def devtest_waits_for_an_answer(stage: Stage) -> Story:
    """Tests that could as well end at a relay: a question is open."""
    yield stage.workdays_ago(7, "13:20")
    case = stage.request("kestrel.devtest", by="helen@kestrel.example")
    yield stage.workdays_later(1, "09:50")
    text = "Could the tests deliver to a catcher inside the subscription instead of to the outside?"
    ask(case, by=stage.by("reviewer2"), text=text)


STORIES = (
    orders_are_overdue,
    results_are_overdue,
    returns_are_due_soon,
    theatre_is_due_soon,
    press_is_new,
    gateway_has_no_date,
    benefits_fit_several_families,
    sponsored_is_not_named,
    canteen_contradicts_itself,
    devtest_waits_for_an_answer,
)
