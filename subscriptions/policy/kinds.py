"""The kinds of value that a policy document holds, each with what it refuses."""

import re
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field

from subscriptions.policy.facts import FactError, parse_created
from subscriptions.policy.outcome import Outcome

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
WHOLE_NUMBER = re.compile(r"-?[0-9]{1,20}")
AMOUNT = re.compile(r"-?[0-9]{1,20}(\.[0-9]{1,10})?")
CLAUSE_NUMBER = re.compile(r"[1-9][0-9]*(\.[1-9][0-9]*)*")
LONGEST_SLUG = 64
LONGEST_TITLE = 200


def _text(value: str) -> str:
    if not value:
        raise ValueError("is empty; it needs some text")
    return value


def _slug(value: str) -> str:
    if not SLUG.fullmatch(value) or len(value) > LONGEST_SLUG:
        raise ValueError(f"must be of lower-case letters, digits and hyphens, at most {LONGEST_SLUG} of them")
    return value


def _title(value: str) -> str:
    if len(value) > LONGEST_TITLE:
        raise ValueError(f"must have at most {LONGEST_TITLE} characters")
    return _text(value)


def _clause_number(value: str) -> str:
    if not CLAUSE_NUMBER.fullmatch(value):
        raise ValueError("must be a number like 3 or 3.2")
    return value


def _not_empty(values: Any) -> Any:
    if not values:
        raise ValueError("is empty; it needs at least one")
    return values


def _one_of(*allowed: Outcome) -> BeforeValidator:
    def check(value: Any) -> Outcome:
        if value not in allowed:
            raise ValueError(f"is {value or 'empty'}; allowed: {', '.join(allowed)}")
        return Outcome(value)

    return BeforeValidator(check)


def _yes(value: bool) -> bool:
    if not value:
        raise ValueError("can only be true; leave it out where it is not asked for")
    return value


def _written_as(form: re.Pattern[str], reason: str) -> BeforeValidator:
    """Text in that form alone: Python reads ``1_0`` as ten and ``1e3`` as a thousand, people do not."""

    def check(value: Any) -> Any:
        if isinstance(value, str) and not form.fullmatch(value):
            raise ValueError(reason)
        return value

    return BeforeValidator(check)


def _instant(value: Any) -> datetime:
    try:
        instant = parse_created(value) if isinstance(value, str) else None
    except FactError as error:
        raise ValueError(error.reason) from None
    if isinstance(instant, datetime):
        return instant
    raise ValueError("must be a time with its offset from UTC, like 2017-11-15T00:00:00Z")


Text = Annotated[str, AfterValidator(_text)]
Title = Annotated[str, AfterValidator(_title)]
Slug = Annotated[str, AfterValidator(_slug)]
ClauseNumber = Annotated[str, AfterValidator(_clause_number)]
Whole = Annotated[int, _written_as(WHOLE_NUMBER, "must be a whole number")]
Amount = Annotated[Decimal, _written_as(AMOUNT, "must be a number, like 1000 or 1000.50")]
Instant = Annotated[datetime, BeforeValidator(_instant)]
NotEmpty = AfterValidator(_not_empty)
RulingOutcome = Annotated[
    Outcome, _one_of(Outcome.NOT_BLOCKED, Outcome.MAY_REQUEST, Outcome.VIA_PARTNER, Outcome.NEVER)
]
UnmetOutcome = Annotated[Outcome, _one_of(Outcome.NOT_YET, Outcome.NEVER)]
Yes = Annotated[bool, AfterValidator(_yes)]
Days = Annotated[Whole, Field(ge=1, le=365)]
