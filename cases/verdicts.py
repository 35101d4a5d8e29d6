"""What a verdict has to hold of a case: reasons that can be true of it, and a why where its checks speak against."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Exists, OuterRef

from cases.models import Attestation, Band, Case, CaseMessage, MessageKind, ReasonCode, Verb
from cases.refusals import Invalid
from subscriptions.policy.outcome import Outcome

WHY_APPROVED = {
    Band.HIGH: "The band of this case is high. Say for the desk why it is approved all the same.",
    Band.INCOMPLETE: "Not every check could be made. Say for the desk why it is approved all the same.",
}
"""Bands in which an approval takes a private note."""


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
    """Raise ``Invalid`` where the checks speak against an approval and no note says why it is given."""
    if (why := why_needed(case, verb)) and not private_note.strip():
        raise Invalid({"private_note": why})


def why_needed(case: Case, verb: Verb) -> str:
    """What the private note has to say; empty where none is needed."""
    return WHY_APPROVED.get(Band(case.band), "") if verb == Verb.APPROVE and case.band else ""
