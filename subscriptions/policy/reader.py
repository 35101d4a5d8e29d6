"""A policy from the text of its document, or every fault in it."""

from typing import Any, TypeVar

from pydantic import ValidationError

from subscriptions.policy.checks import faults_across
from subscriptions.policy.document import Part, Policy
from subscriptions.policy.source import Fault, Path, Source, read_source

Kind = TypeVar("Kind", bound=Part)

REASONS = {
    "missing": "is missing",
    "model_type": "must be a mapping of keys to values",
    "mapping_type": "must be a mapping of keys to values",
    "tuple_type": "must be a list, each item after a hyphen",
    "string_type": "must be text",
    "int_parsing": "must be a whole number",
    "bool_parsing": "must be true",
    "decimal_parsing": "must be a number, like 1000 or 1000.50",
    "literal_error": "is {given}; allowed: {expected}",
    "greater_than_equal": "must be at least {ge}",
    "greater_than": "must be more than {gt}",
    "less_than_equal": "must be at most {le}",
    "value_error": "{error}",
}
"""Our words for pydantic's kinds of error, where its own speak of Python."""


def read_policy(text: str, name: str) -> Policy:
    """The policy that ``text`` describes; ``name`` is what errors call the document.

    Raises ``PolicyError`` with one line for each fault: file, line, key, and what would do.
    """
    source = read_source(text, name)
    policy = read_as(Policy, source)
    if faults := list(faults_across(policy)):
        raise source.error(faults)
    return policy


def read_as(kind: type[Kind], source: Source) -> Kind:
    """The document as ``kind``; raises ``PolicyError`` with one line for each fault."""
    try:
        return kind.model_validate(source.value)
    except ValidationError as error:
        faults = [fault for found in error.errors() for fault in _faults(dict(found))]
        raise source.error(faults) from None


def _faults(found: dict[str, Any]) -> list[Fault]:
    path: Path = tuple(step for step in found["loc"] if step != "[key]")
    context = found.get("ctx", {})
    if found["type"] == "unknown_key":
        return [((*path, key), str(found["msg"])) for key in context["keys"]]
    if (reason := REASONS.get(found["type"])) is None:
        return [(path, str(found["msg"]))]
    return [(path, reason.format(given=found["input"] or "empty", **context))]
