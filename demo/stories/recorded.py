"""What the policy decided at once: rejections on record, data in dispute, nothing to be lifted."""

from cases.actions.conversation import send_message, write_note
from cases.actions.reviewer import clear_flag, reopen
from demo.stage import Stage, Story


def trial_is_rejected(stage: Stage) -> Story:
    """A free trial, on record."""
    yield stage.workdays_ago(10, "09:28")
    stage.on_record("fjordlight.trial", by="customer")


def sandbox_is_disputed(stage: Stage) -> Story:
    """Rejected; the customer says that the data is wrong, and nobody has looked yet."""
    yield stage.workdays_ago(2, "16:45")
    claim = "This is no Visual Studio subscription any more: we moved it to Pay-As-You-Go in January, ticket 88123."
    case = stage.on_record("fjordlight.sandbox", by="jonas@fjordlight.example", claim=claim)
    yield stage.later(hours=1)
    text = "The invoice for January shows the new offer; I can send it if that helps."
    send_message(case, by=stage.by("jonas@fjordlight.example"), text=text)


def audiobooks_are_reopened(stage: Stage) -> Story:
    """Rejected by wrong data, corrected by an import, judged again, approved. See ``imports``."""
    yield stage.workdays_ago(15, "10:25")
    claim = "The pilot ended in December. Since then the subscription is Pay-As-You-Go (MS-AZR-0003P)."
    said = stage.dispute("fjordlight.audiobooks", by="customer", claim=claim)
    yield stage.later(hours=4)
    write_note(
        said, by=stage.by("reviewer"), text="Asked billing. They confirm; the next export will have it."
    )
    yield stage.workdays_ago(11, "09:45")
    reopen(said, by=stage.by("reviewer"), text="Billing corrected the offer to MS-AZR-0003P.")
    yield stage.later(hours=3)
    text = "Sorry for the detour: our data was old, as you said."
    stage.approve(said, "data_clarified", by="reviewer", text=text)


def parents_portal_keeps_its_rejection(stage: Stage) -> Story:
    """Disputed, looked at, and left as it is."""
    yield stage.workdays_ago(12, "13:50")
    claim = "We pay for this subscription, so it cannot be a free offer."
    case = stage.on_record("brightwater.open_new", by="david@brightwater.example", claim=claim)
    yield stage.workdays_later(1, "10:30")
    clear_flag(case, by=stage.by("reviewer2"), text="Azure in Open is paid in advance; the data is right.")
    text = (
        "We looked: the subscription is Azure in Open, which is paid by key in advance, and the policy grants no "
        "request for it. With a Pay-As-You-Go subscription you could ask. A relay works with either."
    )
    send_message(case, by=stage.by("reviewer2"), text=text)


def students_are_rejected(stage: Stage) -> Story:
    """Azure for Students, on record."""
    yield stage.workdays_ago(7, "14:05")
    stage.on_record("brightwater.students", by="ellen@brightwater.example")


def recruiting_is_rejected(stage: Stage) -> Story:
    """A free trial of the other customer."""
    yield stage.workdays_ago(4, "11:35")
    stage.on_record("kestrel.recruiting", by="helen@kestrel.example")


def spin_off_is_rejected(stage: Stage) -> Story:
    """BizSpark, on record."""
    yield stage.workdays_ago(19, "15:55")
    stage.on_record("kestrel.startup", by="customer2")


def erp_needs_nothing(stage: Stage) -> Story:
    """Enterprise Agreement: nothing is blocked."""
    yield stage.workdays_ago(20, "10:15")
    stage.on_record("fjordlight.erp", by="customer")


def archive_needs_nothing(stage: Stage) -> Story:
    """Created before the cut-off: nothing is blocked."""
    yield stage.workdays_ago(9, "08:50")
    stage.on_record("fjordlight.archive", by="jonas@fjordlight.example")


def group_services_need_nothing(stage: Stage) -> Story:
    """Enterprise Agreement, whenever it was created: its date is not known."""
    yield stage.workdays_ago(5, "09:33")
    stage.on_record("kestrel.group", by="customer2")


STORIES = (
    trial_is_rejected,
    sandbox_is_disputed,
    audiobooks_are_reopened,
    parents_portal_keeps_its_rejection,
    students_are_rejected,
    recruiting_is_rejected,
    spin_off_is_rejected,
    erp_needs_nothing,
    archive_needs_nothing,
    group_services_need_nothing,
)
