"""A rule as a document, and what it says of a case. The format is described in docs/antifraud.md."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from cases.antifraud.registry import parts, title_of
from cases.models import DECIDABLE_BY_RULE, Band, Finding, State
from subscriptions.policy.document import Part
from subscriptions.policy.kinds import NotEmpty, Slug, Text, Title, Whole
from subscriptions.policy.reader import read_as
from subscriptions.policy.source import read_source

TOO_RISKY = frozenset({Band.HIGH, Band.INCOMPLETE})


def _band(value: str) -> Band:
    if value not in Band.values:
        raise ValueError(f"is {value or 'empty'}; allowed: {', '.join(Band.values)}")
    return Band(value)


def _part(value: str) -> str:
    if value not in parts():
        raise ValueError(
            f"is {value or 'empty'}, which no check finds; allowed: {', '.join(sorted(parts()))}"
        )
    return value


KnownBand = Annotated[str, AfterValidator(_band)]
KnownPart = Annotated[str, AfterValidator(_part)]


class When(Part):
    """What a case must be like: every key that is given must fit, and ``bands`` always is."""

    bands: Annotated[tuple[KnownBand, ...], NotEmpty]
    outcomes: tuple[Literal["may_request", "via_partner"], ...] = ()
    families: tuple[Slug, ...] = ()
    partners: tuple[Text, ...] = ()
    clear: tuple[KnownPart, ...] = ()
    most_daily_volume: Annotated[Whole, Field(ge=1)] | None = None


class Rule(Part):
    """One rule: ``then`` decides with ``reasons``, which are reason codes of that decision."""

    id: Slug
    title: Title
    when: When
    then: Literal["approve", "deny"]
    reasons: Annotated[tuple[Text, ...], NotEmpty]

    @model_validator(mode="after")
    def _refuse_risky_approval(self) -> "Rule":
        if self.then == "approve" and (risky := sorted(TOO_RISKY.intersection(self.when.bands))):
            raise ValueError(
                f"approves {' and '.join(risky)} cases; a rule approves low and elevated ones alone"
            )
        return self


@dataclass(frozen=True, slots=True)
class Looked:
    """What a rule looks at: a case as it stood when a round ended.

    ``findings`` maps each part to its worst finding; ``daily_volume`` is ``None`` where unknown.
    """

    state: str
    flag: str
    band: str
    outcome: str
    family: str
    partner_number: str
    daily_volume: int | None
    findings: dict[str, str]


def read_rule(text: str, name: str) -> Rule:
    """The rule that ``text`` describes. Raises ``PolicyError`` with file, line and key of every fault."""
    return read_as(Rule, read_source(text, name))


def misfits(rule: Rule, case: Looked) -> list[str]:
    """Why the rule would not decide this case, in words; nothing where it would."""
    return [*_barred(case), *_other_request(rule.when, case), *_other_risk(rule.when, case)]


def _barred(case: Looked) -> Iterator[str]:
    """What no rule decides, whatever its document says."""
    if case.state != State.IN_REVIEW:
        yield f"the case is {_named(case.state)}"
    if case.flag:
        yield "the case is flagged"
    if not case.band:
        yield "the checks have not ended"
    if case.outcome not in DECIDABLE_BY_RULE:
        yield f"the policy says {_named(case.outcome)}, which only people decide"


def _other_request(when: When, case: Looked) -> Iterator[str]:
    if when.outcomes and case.outcome in DECIDABLE_BY_RULE and case.outcome not in when.outcomes:
        yield f"the policy says {_named(case.outcome)}"
    if when.families and case.family not in when.families:
        yield f"the family is {case.family or 'not known'}"
    if when.partners and case.partner_number not in when.partners:
        yield f"it came by {f'partner {case.partner_number}' if case.partner_number else 'no partner'}"


def _other_risk(when: When, case: Looked) -> Iterator[str]:
    if case.band and case.band not in when.bands:
        yield f"the band is {case.band}"
    yield from _other_volume(when.most_daily_volume, case.daily_volume)
    for part in when.clear:
        if (found := case.findings.get(part, "not checked")) != Finding.CLEAR:
            yield f"{title_of(part)} is {found}"


def _other_volume(most: int | None, volume: int | None) -> Iterator[str]:
    if most is None:
        return
    if volume is None:
        yield "the volume is not known"
    elif volume > most:
        yield f"the volume is {volume:,} a day"


def _named(value: str) -> str:
    return value.replace("_", " ")
