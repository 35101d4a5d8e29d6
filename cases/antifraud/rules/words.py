"""A rule in words, for the people who switch it."""

from collections.abc import Iterator, Sequence

from cases.antifraud.registry import title_of
from cases.antifraud.rules.document import Rule, When
from cases.antifraud.rules.replay import Kind

KIND_WORDS = {
    Kind.APPROVES_REFUSED: "Would have approved what was denied, suspended or revoked",
    Kind.DENIES_GRANTED: "Would have denied what was approved",
    Kind.DECIDES_WAITING: "Would have decided what still waits",
    Kind.DECIDES_ENDED: "Would have decided what was withdrawn",
    Kind.AGREES: "Would have decided the same as a person",
    Kind.ITS_OWN: "It decided these itself",
}


def in_words(rule: Rule) -> list[str]:
    """Its conditions, one sentence each; all of them have to hold."""
    return [f"{line}." for line in _conditions(rule.when)]


def _conditions(when: When) -> Iterator[str]:
    yield f"The band is {_either(when.bands)}"
    if when.outcomes:
        yield f"The policy says {_either([each.replace('_', ' ') for each in when.outcomes])}"
    if when.families:
        yield f"The family is {_either(when.families)}"
    if when.partners:
        yield f"The partner's number is {_either(when.partners)}"
    if when.most_daily_volume is not None:
        yield f"At most {when.most_daily_volume:,} messages on a busy day"
    if when.clear:
        yield f"Found clear, and not merely unknown: {', '.join(map(title_of, when.clear))}"


def _either(values: Sequence[str]) -> str:
    *most, last = values
    return f"{', '.join(most)} or {last}" if most else last
