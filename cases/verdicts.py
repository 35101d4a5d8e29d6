"""What a verdict has to hold of a case: reasons that can be true of it, and a why where its checks speak against."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Exists, OuterRef
from django.utils import timezone

from cases.models import APPROVABLE, Attestation, Band, Case, CaseMessage, MessageKind, ReasonCode, Verb
from cases.refusals import Invalid
from subscriptions.judging import judge
from subscriptions.policy.outcome import Outcome
from subscriptions.policy.versions import active_policy

WHY_APPROVED = {
    Band.HIGH: "The band of this case is high. Say for the desk why it is approved all the same.",
    Band.INCOMPLETE: "Not every check could be made. Say for the desk why it is approved all the same.",
}
"""Bands in which an approval takes a private note."""
OPENING = (Verb.APPROVE, Verb.RESUME)


@dataclass(frozen=True, slots=True)
class Told:
    """What happened in a case that some reasons speak of."""

    is_vouched: bool
    was_asked: bool
    was_open: bool


@dataclass(frozen=True, slots=True)
class AppliesWhen:
    """A reason that is true of some cases alone; ``otherwise`` says why not of this one."""

    fits: Callable[[Told], bool]
    otherwise: str


APPLIES_WHEN: Mapping[str, AppliesWhen] = {
    "partner_vouched": AppliesWhen(lambda told: told.is_vouched, "no partner vouched for this request"),
    "data_clarified": AppliesWhen(
        lambda told: told.was_open or told.was_asked, "nothing was open about this subscription"
    ),
    "no_answer": AppliesWhen(lambda told: told.was_asked, "nothing was asked in this case"),
}
"""By the code of a reason; every other one can be true of any case."""


def told_annotations() -> dict[str, Exists]:
    """What a queryset of cases is annotated with, so that ``told_of`` asks nothing more."""
    return {
        "was_vouched": Exists(Attestation.objects.filter(case=OuterRef("pk"))),
        "was_asked": Exists(CaseMessage.objects.filter(case=OuterRef("pk"), kind=MessageKind.QUESTION)),
    }


def told_of(case: Case) -> Told:
    """Of a case that comes with ``told_annotations``."""
    return Told(
        is_vouched=case.was_vouched,  # type: ignore[attr-defined]  # annotated
        was_asked=case.was_asked,  # type: ignore[attr-defined]  # annotated
        was_open=case.outcome == Outcome.CANNOT_TELL or bool(case.data_claim),
    )


def that_can_be_true(codes: Iterable[ReasonCode], told: Told) -> list[ReasonCode]:
    """The reasons that a reviewer is offered."""
    return [code for code in codes if code.code not in APPLIES_WHEN or APPLIES_WHEN[code.code].fits(told)]


def refuse_untrue(case: Case, codes: Iterable[str]) -> None:
    """Raise ``Invalid`` for a reason that cannot be true of the case. No query where none speaks of some alone."""
    if not (chosen := [code for code in codes if code in APPLIES_WHEN]):
        return
    told = told_of(Case.objects.annotate(**told_annotations()).get(pk=case.pk))
    wrong = [APPLIES_WHEN[code].otherwise for code in chosen if not APPLIES_WHEN[code].fits(told)]
    if wrong:
        raise Invalid({"reasons": f"Choose another reason: {', and '.join(wrong)}."})


def refuse_without_why(case: Case, verb: Verb, private_note: str) -> None:
    """Raise ``Invalid`` where checks or policy speak against opening port 25 and no note says why it is done."""
    if (why := why_needed(case, verb)) and not private_note.strip():
        raise Invalid({"private_note": why})


def why_needed(case: Case, verb: Verb) -> str:
    """What the private note has to say; empty where none is needed."""
    if verb not in OPENING:
        return ""
    of_band = WHY_APPROVED.get(Band(case.band), "") if verb == Verb.APPROVE and case.band else ""
    return " ".join(why for why in (of_band, _against_policy(case, verb)) if why)


def _against_policy(case: Case, verb: Verb) -> str:
    """A case is decided by the version that it was judged by; that the one in force says otherwise needs a why.

    An exemption that stood when such a version came into force is flagged: none begins unasked.
    """
    policy = active_policy()
    if policy.id == case.policy_id:
        return ""
    outcome = judge(case.subscription, policy, timezone.now()).outcome
    if outcome in APPROVABLE:
        return ""
    done = "approved" if verb == Verb.APPROVE else "resumed"
    return f"The policy in force now says {outcome.label.lower()}. Say for the desk why it is {done} all the same."
