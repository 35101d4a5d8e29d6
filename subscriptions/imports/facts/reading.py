"""From one line of a file to the facts of one customer: CSV, or JSON with an object in each line."""

import json
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any, NamedTuple, TextIO

from subscriptions.billing import KINDS, canonical
from subscriptions.imports.csv_entries import csv_rows
from subscriptions.imports.entries import Refused
from subscriptions.imports.json_entries import BrokenFile
from subscriptions.imports.reading import MOST_KEPT, SHOWN, moment_of, short_text
from subscriptions.imports.stream import Stream
from subscriptions.imports.terms import Terms
from subscriptions.lines import lines_of
from subscriptions.policy.facts import FactError

NEEDED = ("customer_number",)
OPTIONAL = ("as_of", *KINDS)
LONGEST_LINE = 65_536
"""Characters of a line of JSON: several times what all facts come to, however they are escaped."""

LITERALS = {True: "yes", False: "no", None: ""}
DECODER = json.JSONDecoder(parse_int=str, parse_float=str, parse_constant=str)
"""Numbers stay as they are written: an amount is no binary fraction."""


class FactRow(NamedTuple):
    """One customer's facts as a file states them, in the order of the table that they are copied into.

    ``as_of`` is as customers keep it; ``facts`` is a JSON object with each fact's canonical text by name.
    """

    number: int
    customer_number: str
    as_of: str
    facts: str


def rows_of(stream: Stream, terms: Terms) -> Iterator[FactRow | Refused]:
    """Each line's facts, or why they are refused. Raises ``BadHeader`` and ``BrokenFile``."""
    start = stream.head.lstrip()[:1]
    if start == b"[":
        raise BrokenFile("is one JSON array; give an object in each line, without brackets and commas")
    return _json_rows(stream.text(), terms) if start == b"{" else _csv_rows(stream.text(), terms)


def _csv_rows(file: TextIO, terms: Terms) -> Iterator[FactRow | Refused]:
    return csv_rows(file, lambda number, texts: _row_of(number, texts, terms), NEEDED, OPTIONAL)


def _json_rows(file: TextIO, terms: Terms) -> Iterator[FactRow | Refused]:
    for number, line in enumerate(lines_of(file, LONGEST_LINE), start=1):
        if len(line) <= LONGEST_LINE and not line.strip():
            continue
        try:
            yield _row_of(number, _texts_of(line), terms)
        except FactError as error:
            yield Refused(number, error.field, error.reason)


def _texts_of(line: str) -> dict[str, str]:
    """The texts of a JSON object by key. Raises ``FactError``."""
    if len(line) > LONGEST_LINE:
        raise FactError("", f"is longer than {LONGEST_LINE} characters; give an object in each line")
    try:
        found = DECODER.decode(line.strip())
    except (ValueError, RecursionError) as error:
        raise FactError("", f"is no JSON: {error}") from None
    if not isinstance(found, dict):
        raise FactError("", "is no object")
    for key in found:
        if key not in NEEDED and key not in OPTIONAL:
            raise FactError("", f"{key[:SHOWN]!a} is unknown; known are {', '.join((*NEEDED, *OPTIONAL))}")
    return {key: _text_of(key, value) for key, value in found.items()}


def _text_of(key: str, value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, dict | list):
        raise FactError(key, "is neither text, nor a number, nor true or false")
    return LITERALS[value]


def _row_of(number: int, texts: Mapping[str, str], terms: Terms) -> FactRow:
    customer_number = short_text("customer_number", texts.get("customer_number"))
    if not customer_number:
        raise FactError("customer_number", "is not stated")
    stated, _ = moment_of("as_of", texts.get("as_of", ""), terms.now)
    as_of = (stated or terms.as_of).isoformat()
    facts = {name: _fact(name, texts[name]) for name in KINDS if texts.get(name, "").strip()}
    return FactRow(number, customer_number, as_of, json.dumps(facts))


@lru_cache(maxsize=MOST_KEPT)
def _fact(name: str, text: str) -> str:
    try:
        return canonical(name, text)
    except ValueError as error:
        raise FactError(name, str(error)) from None
