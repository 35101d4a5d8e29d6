"""What an action answers instead of acting; pages, API and commands turn each into their own form."""

from collections.abc import Mapping
from typing import TypeVar

Thing = TypeVar("Thing")


class Refusal(Exception):
    """The action did nothing. ``status`` is the HTTP status that says so."""

    status = 400

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class NotThere(Refusal):
    """There is no such thing, or it is not the actor's: the two answer alike."""

    status = 404


def existing(found: Thing | None, thing: str) -> Thing:
    """What was found; raises ``NotThere`` where that is nothing. ``thing`` is what it is called."""
    if found is None:
        raise NotThere(f"There is no such {thing}.")
    return found


class NotPermitted(Refusal):
    """The actor may see the thing but not do this."""

    status = 403


class WrongRoom(NotPermitted):
    """The pages are for people of another side altogether."""


class Conflict(Refusal):
    """Somebody was first, or the case has moved on; ``reference`` names the case in the way."""

    status = 409

    def __init__(self, message: str, reference: str = "") -> None:
        super().__init__(message)
        self.reference = reference


class Invalid(Refusal):
    """Bad input: ``errors`` maps each field to the reason and the way on."""

    status = 422

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__(" ".join(errors.values()))
        self.errors = dict(errors)
