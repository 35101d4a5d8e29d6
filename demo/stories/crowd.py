"""A partner that brings fifty-one requests within days: what only a crowd shows."""

from cases.actions.partner import decline
from cases.details import DeclineDetails
from demo.stage import Stage, Story

NILS, PIA = "nils@saltbox.example", "pia@tidewater-kiosks.example"
FIRST, REST = range(1, 11), range(11, 51)
VOUCHED = "Saltbox runs all kiosks of Tidewater and knows each of them."


def kiosks_come_in_a_crowd(stage: Stage) -> Story:
    """Ten are denied, forty come after and are declined; the sister's, the fifty-first, is flagged for all of it."""
    yield stage.workdays_ago(4, "09:05")
    first = [stage.request_for_customer(_kiosk(number), by=NILS, attested=VOUCHED) for number in FIRST]
    yield stage.later(hours=5)
    for case in first:
        text = "One relay at the head office carries four messages a day from every kiosk."
        stage.deny(case, "relay_would_do", "domain_not_ready", by="reviewer2", text=text)
    yield stage.workdays_later(1, "10:00")
    rest = [stage.request(_kiosk(number), by=PIA) for number in REST]
    yield stage.workdays_later(1, "09:30")
    for case in rest:
        text = "The desk is right: one relay does it for all kiosks. Nils sets it up with you on Friday."
        change = "A kiosk whose mail the relay cannot carry."
        decline(case, DeclineDetails(text, change), by=stage.by(NILS))
    yield stage.ago(hours=11)
    stage.request_for_customer("cafes.orders_ahead", by=NILS, attested=VOUCHED)


def _kiosk(number: int) -> str:
    return f"tidewater.kiosk#{number}"


STORIES = (kiosks_come_in_a_crowd,)
