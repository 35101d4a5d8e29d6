"""What the shipped rule, tried in the shadow, would have approved: rightly, wrongly, and while it waits."""

from cases.actions.reviewer import Verdict, revoke
from demo.stage import Stage, Story


def plants_are_approved(stage: Stage) -> Story:
    """Low, vouched for by a trusted partner, and approved by a person as well: the rule agrees."""
    yield stage.workdays_ago(21, "09:20")
    text = "We set up their shop and saw the buyers' machines refuse the relay."
    case = stage.request_for_customer("alder.plants", by="leo@northgate.example", attested=text)
    yield stage.later(hours=5)
    stage.approve(case, "partner_vouched", "direct_sending_justified", by="reviewer")


def stalls_are_approved_and_revoked(stage: Stage) -> Story:
    """As spotless when it was asked for, and abused later: what the rule would have let through as well."""
    yield stage.workdays_ago(17, "11:05")
    text = "Known since 2022, every invoice paid. The booking machine is ours."
    case = stage.request_for_customer("mossgate.stalls", by="partner", attested=text)
    yield stage.workdays_later(1, "09:50")
    stage.approve(case, "partner_vouched", by="reviewer2")
    yield stage.workdays_ago(4, "08:40")
    text = "The booking machine wrote to 9,000 addresses that never booked a stall. You did not answer us."
    note = "Nothing in the checks would have told. Keep it in mind before the rule is switched on."
    revoke(case, Verdict(["abuse_reports", "terms_violated"], text, note), by=stage.by("senior2"))


def frost_warnings_wait(stage: Stage) -> Story:
    """In review, and nothing speaks against it: the rule would approve it now."""
    yield stage.due_in(workdays=2, hours=9)
    text = "We ran the pagers' test with them: direct mail arrives, mail by the relay does not."
    stage.request_for_customer("alder.weather", by="partner", attested=text)


STORIES = (plants_are_approved, stalls_are_approved_and_revoked, frost_warnings_wait)
