"""Exemptions in question: told of one by one where they are few, and in one mail for each reviewer where they are many."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import OperationalError
from django.test import Client

from cases.actions import reviewer, system
from cases.actors import Actor
from cases.models import Case, CaseEvent, EventKind, State
from cases.notices.in_question import NAMED
from cases.telling import FEW, TOPIC
from outbox.models import KeptMail, Message
from outbox.relay import deliver_next
from subscriptions.models import Customer, OfferChange, PartnerMember, Role, Subscription
from subscriptions.policy.versions import add_version
from tests.cases.conftest import Mails
from tests.cases.policies import NEVER_AGAIN, document
from tests.outbox.conftest import wait_is_over
from tests.world import FREE_TRIAL, World

REVIEWERS = ("rita", "remy", "sena")


def stricter_policy(world: World) -> None:
    """A version by which nobody may ask any more who might before."""
    text = document(starts_in=timedelta(seconds=-1), swap=NEVER_AGAIN)
    add_version(text, "a file")
    system.note_policy_in_force()


def import_of_offers(world: World) -> None:
    """Every subscription has another offer, and the sweep has looked."""
    for case in Case.objects.all():
        case.subscription.offer_id = FREE_TRIAL
        case.subscription.save()
        OfferChange.objects.create(subscription=case.subscription, before={}, after={"offer_id": FREE_TRIAL})
    system.note_offer_changes()


def dies_at(nth: int, monkeypatch: pytest.MonkeyPatch, error: type[Exception] = MemoryError) -> None:
    """Flagging fails once, at the nth case: those before it are flagged."""
    flag, calls = system._flag_where_forbidden, []

    def flag_or_die(*args: object, **changed: object) -> bool:
        calls.append(args)
        if len(calls) == nth:
            raise error
        return flag(*args, **changed)  # type: ignore[arg-type]

    monkeypatch.setattr(system, "_flag_where_forbidden", flag_or_die)


def told(mails: Mails, name: str) -> list[KeptMail]:
    return [mail for mail in mails(name) if "n question" in mail.subject]


def subject_of(case: Case) -> str:
    return f"[{case.reference}] Exemption in question: {case.subscription.name}"


def exempt(world: World, count: int, mails: Mails) -> list[Case]:
    cases = [world.case_in(State.APPROVED) for _ in range(count)]
    mails()
    return cases


def test_many_by_a_policy_are_one_mail_for_each_reviewer_though_the_sweep_died_in_the_middle(
    world: World, mails: Mails, monkeypatch: pytest.MonkeyPatch, client: Client
) -> None:
    cases = exempt(world, 25, mails)
    dies_at(10, monkeypatch)
    stricter_policy(world)
    while deliver_next():
        pass
    assert Case.objects.exclude(flag="").count() == 9
    wait_is_over()
    for name in REVIEWERS:
        (mail,) = told(mails, name)
        assert mail.subject == "25 exemptions in question"
        words = " ".join(mail.text.split())
        assert "The policy stricter came into force and does not allow 25 exemptions any more." in words
        assert "Keep or revoke each; nothing has been taken away." in words
        assert f"and {25 - NAMED} more" in words
        for text in (words, mail.html):
            assert [case.reference in text for case in cases] == [True] * NAMED + [False] * (25 - NAMED)
        assert "case  ·" not in mail.text
    assert told(mails, "tied") == [], "who has an interest in all of them"
    assert CaseEvent.objects.filter(kind=EventKind.FLAGGED).count() == 25
    client.force_login(world.user("rita"))
    link = next(word for word in mail.text.split() if "only=flagged" in word)
    page = client.get(link.removeprefix(settings.BASE_URL)).content.decode()
    assert [case.reference in page for case in cases] == [True] * 25


def test_many_by_an_import_are_one_mail_for_each_reviewer_though_the_sweep_died_in_the_middle(
    world: World, mails: Mails, monkeypatch: pytest.MonkeyPatch
) -> None:
    exempt(world, FEW + 1, mails)
    dies_at(FEW, monkeypatch)
    with pytest.raises(MemoryError):
        import_of_offers(world)
    assert told(mails, "rita") == []
    assert system.note_offer_changes() == FEW + 1
    assert system.note_offer_changes() == 0
    for name in REVIEWERS:
        (mail,) = told(mails, name)
        assert mail.subject == f"{FEW + 1} exemptions in question"
        assert "An import changed offers" in mail.text
        assert "more" not in mail.text.partition("taken away.")[2].partition("See what")[0]
    assert CaseEvent.objects.filter(kind=EventKind.FLAGGED).count() == FEW + 1


def test_a_change_that_cannot_be_judged_holds_up_no_other_and_is_tried_again(
    world: World, mails: Mails, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    first, *others = exempt(world, FEW, mails)
    world.fabrikam.facts = {"paid_invoices": {}}  # nothing of it can be read
    world.fabrikam.save()
    Subscription.objects.filter(pk=first.subscription_id).update(customer=world.fabrikam)
    dies_at(FEW - 1, monkeypatch, OperationalError)
    with pytest.raises(OperationalError):
        import_of_offers(world)
    for looked_at in (FEW - 1, 0):
        assert system.note_offer_changes(most=FEW - 1) == looked_at
        assert {mail.subject for mail in told(mails, "rita")} == {subject_of(case) for case in others}
    change = OfferChange.objects.get(noted_at=None)
    assert change.subscription_id == first.subscription_id
    assert f"'change': {change.pk}" in caplog.text
    Customer.objects.update(facts={})
    assert system.note_offer_changes() == 1
    assert told(mails, "rita")[-1].subject == subject_of(first)
    assert CaseEvent.objects.filter(kind=EventKind.FLAGGED).count() == FEW


def test_one_that_was_changed_often_between_two_sweeps_is_told_of_once(world: World, mails: Mails) -> None:
    """And three of them are three, however many changes flagged them."""
    cases = exempt(world, FEW, mails)
    for _ in range(FEW):
        for case in cases:
            OfferChange.objects.create(subscription=case.subscription, before={}, after={"offer_id": "none"})
    import_of_offers(world)
    assert CaseEvent.objects.filter(kind=EventKind.FLAGGED).count() == FEW * (FEW + 1)
    assert sorted(mail.subject for mail in told(mails, "rita")) == sorted(map(subject_of, cases))
    newest = [f"{case.reference}/{case.version}/desk" for case in Case.objects.order_by("pk")]
    keys = Message.objects.filter(topic=TOPIC, payload__seq__gt=cases[0].version, payload__side="desk")
    assert list(keys.order_by("thread").values_list("key", flat=True)) == sorted(newest)


@pytest.mark.parametrize("cause", [stricter_policy, import_of_offers])
def test_few_are_told_of_one_by_one(world: World, mails: Mails, cause: Callable[[World], None]) -> None:
    cases = exempt(world, FEW, mails)
    cause(world)
    about = {mail.subject for mail in told(mails, "rita")}
    assert about == {subject_of(case) for case in cases}
    assert len(told(mails, "rita")) == FEW


def test_what_is_in_question_no_more_and_what_is_not_theirs_is_not_counted(
    world: World, mails: Mails
) -> None:
    theirs, *others = exempt(world, FEW + 1, mails)
    Case.objects.filter(pk=theirs.pk).update(partner=world.northwind)
    PartnerMember.objects.create(user=world.user("remy"), partner=world.northwind, role=Role.READER)
    import_of_offers(world)
    for case in others[1:]:
        reviewer.clear_flag(case.reference, by=Actor.of(world.user("sena")), text="Promised.")
    (to_rita,), (to_remy,) = told(mails, "rita"), told(mails, "remy")
    assert to_rita.subject == "2 exemptions in question"
    assert to_remy.subject == "1 exemption in question"
    assert theirs.reference in to_rita.text
    assert theirs.reference not in to_remy.text
