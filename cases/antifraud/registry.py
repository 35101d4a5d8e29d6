"""The checks there are: every module in ``checks/`` that says what it is. Adding one touches that file."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from cases.antifraud import checks
from cases.antifraud.examined import Examined
from cases.antifraud.signals import Signal

Look = Callable[[Examined], Iterable[Signal]]


@dataclass(frozen=True, slots=True)
class Check:
    """One check. ``weights`` says for each part how much a flag counts, unless the policy says otherwise.

    ``looks_at``, ``proves``, ``proves_not`` and ``unknown_means`` are for people: the case page and
    docs/antifraud.md, whose section ``manage.py describe_checks`` writes. ``labels`` name the parts
    whose own names are no words. ``seconds`` is its time limit.
    """

    slug: str
    title: str
    weights: Mapping[str, int]
    looks_at: str
    proves: str
    proves_not: str
    look: Look
    seconds: int = 20
    unknown_means: str = "The check itself failed."
    labels: Mapping[str, str] = field(default_factory=dict)

    def title_of(self, part: str) -> str:
        """Its title, and which of its parts where it has several."""
        if len(self.weights) == 1:
            return self.title
        own = part.removeprefix(self.slug.removesuffix("s") + "_")
        return f"{self.title}: {self.labels.get(part) or own.replace('_', ' ')}"


@cache
def registry() -> Mapping[str, Check]:
    """Every check by its slug, which is its module's name."""
    names = sorted(module.name for module in iter_modules(checks.__path__))
    return {name: import_module(f"{checks.__name__}.{name}").CHECK for name in names}


def parts() -> frozenset[str]:
    """What all checks find: the names that a policy weighs and that a rule wants clear."""
    return frozenset(part for check in registry().values() for part in check.weights)


def title_of(part: str) -> str:
    """A part as people know it; by its name alone where no check finds it any more."""
    found = (check.title_of(part) for check in registry().values() if part in check.weights)
    return next(found, part.replace("_", " "))
