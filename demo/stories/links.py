"""What the checks find: three accounts that are one, two that only look alike, three with one text, mended records."""

from cases.actions.checks import start_checks
from cases.actions.conversation import send_message, write_note
from cases.actions.reviewer import Verdict, revoke
from cases.actions.rules import switch
from demo.stage import Stage, Story

RULE = "trusted-partner"
CHOIR = (
    "linden-choir.example",
    "club._domainkey.linden-choir.example",
    "_dmarc.linden-choir.example",
    "mail.linden-choir.example",
    "91.100.51.198.in-addr.arpa",
)
"""What the choir published late: see ``formerly`` in ``outside.yaml``."""


def larkspur_is_revoked(stage: Stage) -> Story:
    """The first of the ring: let through, and gone bad within two weeks."""
    yield stage.workdays_ago(37, "10:05")
    case = stage.request("larkspur.larkspur", by="ada@larkspur-offers.example")
    yield stage.workdays_later(1, "14:40")
    note = "Young account and a throw-away contact, but the story holds. We watch it."
    stage.approve(case, "direct_sending_justified", by="reviewer2", note=note)
    yield stage.workdays_ago(26, "07:45")
    text = "214 reports in two nights, all from people who never heard of your offers."
    note = "They never answered. Look for the same payment fingerprint when somebody new asks."
    revoke(case, Verdict(["abuse_reports"], text, note), by=stage.by("senior"))


def millbrook_pays_like_larkspur(stage: Stage) -> Story:
    """The second of the ring: another name and domain, the same payment, network and words."""
    yield stage.workdays_ago(2, "12:15")
    stage.request("millbrook.millbrook", by="bo@millbrook-deals.example")


def quillon_is_denied(stage: Stage) -> Story:
    """The third of the ring: found by its links, and denied."""
    yield stage.workdays_ago(3, "09:35")
    case = stage.request("quillon.quillon", by="cleo@quillon-savings.example")
    yield stage.later(hours=2)
    note = "Same payment fingerprint, phone, network and words as Larkspur, which Yuki revoked."
    write_note(case, by=stage.by("reviewer"), text=note)
    yield stage.workdays_later(1, "10:20")
    stage.deny(case, "trust_checks_not_passed", by="senior")


def rowing_club_is_approved(stage: Stage) -> Story:
    """The first of two clubs that took their association's words: nothing speaks against it."""
    yield stage.workdays_ago(10, "09:05")
    case = stage.request("harbour.rowing", by="tom@harbour-rowing.example")
    yield stage.later(hours=5)
    stage.approve(case, "direct_sending_justified", by="reviewer")


def choir_asks_in_the_same_words(stage: Stage) -> Story:
    """The second: the same words, and nothing else in common. In review; its records were mended in between.

    The first round found that nothing was published; the second finds all of it.
    """
    yield stage.workdays_ago(2, "15:10")
    case = stage.request("linden.choir", by="rosa@linden-choir.example")
    yield stage.workdays_ago(1, "09:40")
    stage.outside.mend(*CHOIR)
    text = "Your Records page told me what was missing. Our web host published all of it this morning. Rosa"
    send_message(case, by=stage.by("rosa@linden-choir.example"), text=text)
    yield stage.later(hours=1)
    start_checks(case, by=stage.by("reviewer"))


def copperfield_asks(stage: Stage) -> Story:
    """The first of three who share their words and nothing else: nobody can know."""
    yield stage.workdays_ago(1, "11:20")
    stage.request("copperfield.copperfield", by="edda@copperfield-quotes.example")


def ironwood_asks_in_the_same_words(stage: Stage) -> Story:
    """The second: a pair may share a template."""
    yield stage.workdays_ago(1, "14:05")
    stage.request("ironwood.ironwood", by="gil@ironwood-tenders.example")


def pinemarsh_makes_it_a_wave(stage: Stage) -> Story:
    """The third: now it counts, a little; and its domain has nothing to do with it."""
    yield stage.ago(hours=6)
    stage.request("pinemarsh.pinemarsh", by="uma@pinemarsh-bids.example")


def a_rule_is_tried_in_the_shadow(stage: Stage) -> Story:
    """The shipped example says what it would do, and does nothing."""
    yield stage.workdays_ago(36, "16:00")
    why = "To see whom it would let through before we talk about it."
    switch(RULE, "shadow", by=stage.by("senior"), why=why)


STORIES = (
    a_rule_is_tried_in_the_shadow,
    larkspur_is_revoked,
    millbrook_pays_like_larkspur,
    quillon_is_denied,
    rowing_club_is_approved,
    choir_asks_in_the_same_words,
    copperfield_asks,
    ironwood_asks_in_the_same_words,
    pinemarsh_makes_it_a_wave,
)
