"""Exemptions that were suspended, counted again, or were revoked."""

from cases.actions.conversation import send_message, write_note
from cases.actions.reviewer import Verdict, clear_flag, resume, revoke, suspend
from demo.stage import Stage, Story


def authors_lists_are_suspended_and_resumed(stage: Stage) -> Story:
    """A machine was taken over, and cleaned within a day."""
    yield stage.workdays_ago(26, "12:40")
    case = stage.request("fjordlight.authors", by="customer")
    yield stage.workdays_later(1, "09:30")
    stage.approve(case, "direct_sending_justified", by="reviewer")
    yield stage.workdays_ago(11, "06:50")
    verdict = Verdict(
        ["compromised"],
        "From 02:10 UTC on, 203.0.113.17 sent 14,000 messages that no list of yours explains.",
        "Three reports from two mailbox providers, all with the same forged sender.",
    )
    suspend(case, verdict, by=stage.by("reviewer2"))
    yield stage.later(hours=3)
    text = (
        "You were right: somebody had guessed the password of the web archive's account. The machine is built "
        "anew from its image, all keys are changed, and the archive has no mail rights any more."
    )
    send_message(case, by=stage.by("customer"), text=text)
    yield stage.workdays_later(1, "10:15")
    text = "Thank you for the quick work. We saw no further message since you wrote."
    resume(case, Verdict(["matter_settled"], text), by=stage.by("reviewer2"))


def auctions_are_suspended(stage: Stage) -> Story:
    """Suspended since yesterday; the customer looks into it."""
    yield stage.workdays_ago(19, "17:25")
    case = stage.request("fjordlight.auctions", by="customer")
    yield stage.workdays_later(1, "16:02")
    stage.approve(case, "direct_sending_justified", by="reviewer2", note="Volume only on auction nights.")
    yield stage.ago(hours=27)
    text = "Four bidders report messages for auctions that they never took part in. Please look at the list."
    note = "Reports are from the same provider. Could be one wrong import rather than bad will."
    suspend(case, Verdict(["abuse_reports"], text, note), by=stage.by("reviewer"))
    yield stage.later(hours=2)
    text = "We are on it. It looks as if the export of the February auction was taken twice, with the wrong list."
    send_message(case, by=stage.by("jonas@fjordlight.example"), text=text)


def flash_sales_are_revoked(stage: Stage) -> Story:
    """Suspended once, resumed on a promise, then revoked."""
    yield stage.workdays_ago(29, "14:14")
    case = stage.request("fjordlight.flash", by="jonas@fjordlight.example")
    yield stage.workdays_later(2, "10:45")
    stage.approve(case, "direct_sending_justified", by="reviewer2", text="Only to members who asked, please.")
    yield stage.workdays_ago(18, "08:05")
    text = "31 readers report a sale to which they never signed up. Please tell us where their addresses come from."
    suspend(case, Verdict(["abuse_reports"], text), by=stage.by("reviewer2"))
    yield stage.later(hours=6)
    text = "A colleague mixed up two lists. We have deleted the second one, and it will not happen again."
    send_message(case, by=stage.by("jonas@fjordlight.example"), text=text)
    yield stage.workdays_later(1, "11:50")
    resume(case, Verdict(["matter_settled"], "We take your word for it."), by=stage.by("reviewer"))
    write_note(case, by=stage.by("reviewer"), text="Second chance. If it comes back, it goes to Yuki.")
    yield stage.workdays_ago(8, "07:30")
    write_note(case, by=stage.by("reviewer2"), text="112 reports since last night, the same second list.")
    yield stage.later(hours=2)
    text = "The list that you said was deleted was used again last night, for 38,000 messages."
    note = "Talked to Hanna and Samuel. No third chance on this subscription; their others stay as they are."
    revoke(case, Verdict(["abuse_reports", "terms_violated"], text, note), by=stage.by("senior"))
    yield stage.workdays_later(1, "09:20")
    text = (
        "We understand. Flash sales go through a relay from now on. I am sorry for the trouble. Marit Aasland"
    )
    send_message(case, by=stage.by("customer"), text=text)


def imaging_is_revoked(stage: Stage) -> Story:
    """Revoked: the exemption was let to somebody else."""
    yield stage.workdays_ago(24, "11:11")
    case = stage.request("kestrel.imaging", by="customer2")
    yield stage.later(hours=5)
    stage.approve(case, "direct_sending_justified", by="reviewer")
    yield stage.workdays_ago(6, "13:00")
    text = "192.0.2.16 sends for 60 domains that are not Kestrel's. An exemption is not to be lent to others."
    revoke(case, Verdict(["terms_violated"], text, "An open relay on purpose."), by=stage.by("senior"))


def seasonal_shop_is_flagged(stage: Stage) -> Story:
    """Approved; then an import brought an offer with which nobody may ask. See ``imports``."""
    yield stage.workdays_ago(21, "09:25")
    case = stage.request("fjordlight.christmas", by="customer")
    yield stage.later(hours=4)
    stage.approve(case, "direct_sending_justified", by="reviewer", text="Good luck with the season.")


def absences_are_flagged_and_kept(stage: Stage) -> Story:
    """Flagged by an import as well; a reviewer looked, and lets it stay. See ``imports``."""
    yield stage.workdays_ago(23, "08:30")
    case = stage.request("brightwater.absences", by="ellen@brightwater.example")
    yield stage.later(hours=3)
    stage.approve(
        case, "direct_sending_justified", by="senior", note="Children's safety. Quick, please, Hanna."
    )
    yield stage.workdays_ago(6, "10:40")
    why = "Billing confirms: the offer was mistyped in the export and is corrected tonight. Stays exempt."
    clear_flag(case, by=stage.by("reviewer"), text=why)


STORIES = (
    authors_lists_are_suspended_and_resumed,
    auctions_are_suspended,
    flash_sales_are_revoked,
    imaging_is_revoked,
    seasonal_shop_is_flagged,
    absences_are_flagged_and_kept,
)
