"""The policy as a document: its parts, and what each may hold.

The format is described in docs/policy.md. Every part refuses keys that it does not know.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from subscriptions.policy.kinds import (
    Amount,
    ClauseNumber,
    Days,
    Instant,
    NotEmpty,
    RulingOutcome,
    Slug,
    Text,
    Title,
    UnmetOutcome,
    Whole,
    Yes,
)
from subscriptions.policy.outcome import Outcome

UNNAMED = None
"""What stands in for a family where the policy names none."""


class Side(StrEnum):
    """The two sides of a cut-off; an instant equal to it is ``FROM``."""

    BEFORE = "before"
    FROM = "from"


class Part(BaseModel):
    """One part of the document, unchangeable; refuses keys that are none of its own."""

    model_config = ConfigDict(frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _refuse_unknown_keys(cls, values: Any) -> Any:
        unknown = [key for key in values if key not in cls.model_fields] if isinstance(values, dict) else []
        if unknown:
            allowed = {"keys": unknown, "allowed": ", ".join(cls.model_fields)}
            raise PydanticCustomError("unknown_key", "is not a key here; allowed are: {allowed}", allowed)
        return values


class Offer(Part):
    """One offer of the provider; ``family`` is ``None`` where the policy does not name it."""

    id: Text
    name: Text
    quota_id: Text | None = None
    family: str | None = None
    note: str = ""


class Clause(Part):
    """The citable text of a rule; ``citation`` says where the provider's own words stand."""

    number: ClauseNumber
    title: Title
    text: Text
    citation: Text


class Conditions(Part):
    """What a rule asks for beyond offer and date: this set is all there is.

    Numbers are the least that will do; ``account_age_days`` counts days since the account was
    opened, ``paid_total_usd`` the sum of paid invoices in US dollars.
    """

    account_age_days: Annotated[Whole, Field(ge=1, le=36500)] | None = None
    paid_invoices: Annotated[Whole, Field(ge=1, le=10**6)] | None = None
    paid_total_usd: Annotated[Amount, Field(gt=0, le=10**9)] | None = None
    identity_verified: Yes | None = None

    def items(self) -> Iterator[tuple[str, int | Decimal]]:
        """Each condition asked for, with what it needs; ``True`` for yes."""
        for fact in CONDITIONS:
            if (needed := getattr(self, fact)) is not None:
                yield fact, needed


CONDITIONS = tuple(Conditions.model_fields)


class Rule(Part):
    """What holds for some families on one side of the cut-off, or on both."""

    id: Slug
    families: Annotated[tuple[str, ...], NotEmpty]
    created: Literal["before", "from", "any"] = "any"
    requires: Conditions | None = None
    outcome: RulingOutcome
    otherwise: UnmetOutcome = Outcome.NOT_YET
    clause: str

    @property
    def sides(self) -> tuple[Side, ...]:
        """The sides of the cut-off that it is for."""
        return tuple(Side) if self.created == "any" else (Side(self.created),)

    @property
    def conditions(self) -> tuple[tuple[str, int | Decimal], ...]:
        """What it asks for beyond family and date: pairs of a fact and the least that will do."""
        return tuple(self.requires.items()) if self.requires else ()


class Service(Part):
    """The times that the provider promises, and the time it gives for an answer."""

    decision_within_working_days: Days
    partner_within_working_days: Days
    answer_within_days: Days


class AntiFraud(Part):
    """How the anti-fraud checks are weighed; every key may be left out.

    A band is ``high`` or ``elevated`` from that sum of weights on. ``weights`` replaces a part's
    own weight; at ``deadline_minutes`` what has not answered is unknown.
    """

    elevated_from: Annotated[Whole, Field(ge=1, le=1000)] = 20
    high_from: Annotated[Whole, Field(ge=1, le=1000)] = 50
    deadline_minutes: Annotated[Whole, Field(ge=1, le=1440)] = 10
    weights: Mapping[str, Annotated[Whole, Field(ge=0, le=1000)]] = Field(default_factory=dict)


class KeyClauses(Part):
    """The numbers of the clauses that pages and notices turn to whatever the rule."""

    relay: str
    delivery: str
    exemption: str
    revocation: str
    undecided: str


class Policy(Part):
    """One version of the policy; without ``effective_from`` an example, which is never active."""

    id: Slug
    title: Title
    summary: Text
    source: Text
    effective_from: Instant | None = None
    cut_off: Instant | None = None
    service: Service
    antifraud: AntiFraud = AntiFraud()
    families: Annotated[Mapping[Slug, Title], NotEmpty]
    offers: tuple[Offer, ...]
    clauses: Annotated[tuple[Clause, ...], NotEmpty]
    key_clauses: KeyClauses
    rules: Annotated[tuple[Rule, ...], NotEmpty]

    @property
    def is_example(self) -> bool:
        """Whether it can be asked by name only, and is never in force."""
        return self.effective_from is None

    @cached_property
    def conditions_asked(self) -> frozenset[str]:
        """The conditions that any of its rules turns on."""
        return frozenset(condition for rule in self.rules for condition, _ in rule.conditions)

    def clause(self, number: str) -> Clause:
        """The clause of that number; raises ``KeyError`` where there is none."""
        return self._clauses[number]

    @property
    def relay_clause(self) -> Clause:
        """That an authenticated relay is never restricted."""
        return self.clause(self.key_clauses.relay)

    @property
    def delivery_clause(self) -> Clause:
        """That "not blocked" does not mean delivered."""
        return self.clause(self.key_clauses.delivery)

    @property
    def exemption_clause(self) -> Clause:
        """What an exemption covers."""
        return self.clause(self.key_clauses.exemption)

    @property
    def revocation_clause(self) -> Clause:
        """When an exemption is taken back."""
        return self.clause(self.key_clauses.revocation)

    @property
    def undecided_clause(self) -> Clause:
        """What happens where the policy, or what is known, does not settle the outcome."""
        return self.clause(self.key_clauses.undecided)

    def rule(self, rule_id: str) -> Rule:
        """The rule of that id; raises ``KeyError`` where there is none."""
        return self._rules[rule_id]

    def rule_for(self, family: str, side: Side) -> Rule:
        """The one rule that is for ``family`` on ``side``; raises ``KeyError`` for other families."""
        return self._rule_of[family, side]

    def offer(self, offer_id: str) -> Offer | None:
        """The offer of that ID, in any case of letters; ``None`` where the policy lists none."""
        return self._offers.get(offer_id.strip().casefold())

    def family_of_offer(self, offer_id: str) -> str | None:
        """The family of an offer; ``UNNAMED`` for an offer that the policy does not name."""
        offer = self.offer(offer_id)
        return offer.family if offer else UNNAMED

    def families_of_quota(self, quota_id: str) -> frozenset[str | None]:
        """The families of all offers that report ``quota_id``; ``UNNAMED`` may be among them."""
        return self._quotas.get(quota_id.strip().casefold(), frozenset({UNNAMED}))

    def family_named(self, family: str) -> str | None:
        """The family as the policy writes it; ``UNNAMED`` where it has none of that name."""
        folded = family.strip().casefold()
        return folded if folded in self.families else UNNAMED

    @cached_property
    def _clauses(self) -> dict[str, Clause]:
        return {clause.number: clause for clause in self.clauses}

    @cached_property
    def _rules(self) -> dict[str, Rule]:
        return {rule.id: rule for rule in self.rules}

    @cached_property
    def _rule_of(self) -> dict[tuple[str, Side], Rule]:
        return {
            (family, side): rule for rule in self.rules for family in rule.families for side in rule.sides
        }

    @cached_property
    def _offers(self) -> dict[str, Offer]:
        return {offer.id.casefold(): offer for offer in self.offers}

    @cached_property
    def _quotas(self) -> dict[str, frozenset[str | None]]:
        families: dict[str, set[str | None]] = {}
        for offer in self.offers:
            if offer.quota_id is not None:
                families.setdefault(offer.quota_id.casefold(), set()).add(offer.family)
        return {quota: frozenset(named) for quota, named in families.items()}
