"""What stays at the desk: no page, answer, mail or notice of a customer or partner holds any of it.

One case lives through everything while its checks, traits, flag and private notes hold canaries,
and every address that the two may open is read at each step.
"""

import json
from functools import partial

from django.test import Client

from cases.actions import conversation, customer, partner, reviewer
from cases.actions.checks import end_round
from cases.actions.reviewer import Verdict
from cases.actors import SYSTEM
from cases.models import Case, Decision, Flag
from subscriptions.models import Customer
from tests.cases.conftest import Mails
from tests.cases.leaks.canaries import (
    NOTE,
    ROOMS,
    WEIGHT,
    assert_mails_are_clean,
    assert_nothing_leaks,
    checked,
    read_everything,
)
from tests.cases.views.checking import running
from tests.world import ATTESTATION, World


def test_no_page_mail_answer_or_notice_holds_what_is_the_desks(
    world: World,
    case: Case,
    mails: Mails,
) -> None:
    rita, sena, olive, petra = (world.actor(name) for name in ("rita", "sena", "olive", "petra"))
    reference, verdict = case.reference, partial(Verdict, private_note=NOTE)
    partner.vouch(reference, ATTESTATION, by=petra)
    running(case)
    read_everything(world, case)
    end_round(reference, by=SYSTEM)
    case = checked(case)
    conversation.write_note(reference, by=rita, text=NOTE)
    assert read_everything(world, case) > len(ROOMS)
    reviewer.ask(reference, by=rita, text="To whom?")
    read_everything(world, case)
    customer.answer(reference, by=olive, text="To buyers.")
    conversation.send_message(reference, by=rita, text="Thank you.")
    reviewer.approve(reference, verdict(["direct_sending_justified"]), by=rita)
    Case.objects.filter(pk=case.pk).update(flag=Flag.OUT_OF_POLICY)
    read_everything(world, case)
    reviewer.suspend(reference, verdict(["abuse_reports"]), by=rita)
    read_everything(world, case)
    reviewer.resume(reference, verdict(["matter_settled"]), by=rita)
    reviewer.revoke(reference, verdict(["abuse_reports"]), by=sena)
    read_everything(world, case)
    for decision in Decision.objects.all():
        assert_nothing_leaks(json.dumps(decision.notice), f"the notice of {decision.verb}")
    assert_mails_are_clean(mails())


def test_a_denial_and_its_mail_hold_nothing_of_it(
    world: World,
    case: Case,
    mails: Mails,
) -> None:
    partner.vouch(case.reference, ATTESTATION, by=world.actor("petra"))
    case = checked(case)
    reviewer.deny(case.reference, Verdict(["relay_would_do"], private_note=NOTE), by=world.actor("rita"))
    read_everything(world, case)
    assert_nothing_leaks(json.dumps(Decision.objects.get(verb="deny").notice), "the denial")
    assert_mails_are_clean(mails())


def test_the_desk_sees_what_the_others_do_not(world: World, case: Case, client: Client) -> None:
    """The canaries are there to be found: where the desk looks, they are."""
    partner.vouch(case.reference, ATTESTATION, by=world.actor("petra"))
    case = checked(case)
    assert (
        Customer.objects.get(pk=case.customer_id).facts["payment_fingerprint"]["value"]
        == "canary-fingerprint"
    )
    client.force_login(world.user("rita"))
    page = client.get(f"/review/{case.reference}/").content.decode()
    for hidden in (
        "canary-sentence",
        "canary-value",
        "canary-source",
        "Elevated",
        str(WEIGHT),
        "Velocity",
        "Checks ended",
    ):
        assert hidden in page, hidden
