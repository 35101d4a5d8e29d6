"""What checks saw, drawn by one tag: a page has up to forty signals, and a template's loop costs more than its words."""

from collections.abc import Iterable, Sequence
from functools import lru_cache

from django import template
from django.urls import reverse
from django.utils.safestring import SafeString

from cases.antifraud.shown import Evidence, ShownCheck, ShownSignal
from cases.models import Finding
from front.markup import filled, joined
from front.templatetags.desk import chip, near

register = template.Library()

SIGNAL = """
    <li>
      <span class="signal">{title}</span>
      <span>{finding}</span>
      <span class="value">{sentence}</span>
      <span class="meaning source">{pointing}from {source}, {as_of}{counting}</span>
      {evidence}
    </li>"""
POINTING = '<a href="{address}">Cases with this {kind}{name}</a> · '
HIDDEN = '<span class="visually-hidden"> {name}</span>'
EVIDENCE = """<details class="fold value">
          <summary>Evidence<span class="visually-hidden"> of {subject}</span></summary>
          <dl class="facts">{facts}</dl>
        </details>"""
FACT = "<div><dt>{label}</dt><dd>{value}</dd></div>"
CASE = '<a class="mono nowrap" href="{address}">{reference}</a>'
COUNTING = {Finding.FLAGGED: " · counts {}", Finding.UNKNOWN: " · would count {}"}
CHECK = """
      <div>
        <dt>{title}{not_ended}</dt>
        {looks_at}
        {error}
      </div>"""
NOT_ENDED = SafeString(' <span class="muted">has not answered yet</span>')
LOOKS_AT = (
    "<dd>{looks_at}</dd><dd><strong>Proves</strong> {proves}</dd>"
    "<dd><strong>Does not prove</strong> {proves_not}</dd>"
    "<dd><strong>Unknown means</strong> {unknown_means}</dd>"
)
NO_ANSWER = '<dd class="muted">No answer: {error}</dd>'


@register.simple_tag
def signal_items(signals: Sequence[ShownSignal]) -> SafeString:
    """The items of ``<ul class="evidence signals">``: what was seen, what it points at, its evidence folded."""
    times = {as_of: near(as_of) for as_of in {signal.as_of for signal in signals}}
    return joined(
        filled(
            SIGNAL,
            title=signal.title,
            finding=chip(signal.finding),
            sentence=signal.sentence,
            pointing=_pointing(signal),
            source=signal.source,
            as_of=times[signal.as_of],
            counting=_counting(signal),
            evidence=_evidence(signal),
        )
        for signal in signals
    )


@register.simple_tag
def about_checks(checks: Sequence[ShownCheck]) -> SafeString:
    """The rows of ``<dl class="about-checks">``: what each looks at, proves, and does not prove."""
    return joined(map(_about, checks))


@lru_cache(maxsize=256)
def _about(check: ShownCheck) -> SafeString:
    """Drawn once for each check and what it answered: the words are the same in every case."""
    words = {
        "looks_at": check.looks_at,
        "proves": check.proves,
        "proves_not": check.proves_not,
        "unknown_means": check.unknown_means,
    }
    return filled(
        CHECK,
        title=check.title,
        not_ended="" if check.is_ended else NOT_ENDED,
        looks_at=filled(LOOKS_AT, **words) if check.looks_at else "",
        error=filled(NO_ANSWER, error=check.error) if check.error else "",
    )


def _pointing(signal: ShownSignal) -> str:
    if not signal.subject:
        return ""
    name = filled(HIDDEN, name=signal.named) if signal.named else ""
    address = reverse("review:linked", args=[signal.subject_kind, signal.subject])
    return filled(POINTING, address=address, kind=signal.points_at, name=name)


def _counting(signal: ShownSignal) -> str:
    words = COUNTING.get(Finding(signal.finding), "")
    return words.format(signal.weight) if signal.weight else ""


def _evidence(signal: ShownSignal) -> str:
    if not signal.evidence:
        return ""
    subject = f"{signal.title} {signal.named}".rstrip()
    return filled(EVIDENCE, subject=subject, facts=joined(map(_fact, signal.evidence)))


def _fact(fact: Evidence) -> SafeString:
    return filled(FACT, label=fact.label, value=_cases(fact.cases) if fact.cases else fact.value)


def _cases(references: Iterable[str]) -> SafeString:
    links = (
        filled(CASE, address=reverse("review:case", args=[reference]), reference=reference)
        for reference in references
    )
    return joined(links, " ")
