"""What checks saw, drawn by one tag: a page has up to forty signals, and a template's loop costs more than its words."""

from collections.abc import Iterable, Sequence
from functools import lru_cache

from django import template
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from cases.antifraud.shown import Evidence, ShownCheck, ShownSignal
from cases.models import Finding
from front.templatetags.desk import chip, near

register = template.Library()

SIGNAL = """
    <li>
      <span class="signal">{}</span>
      <span>{}</span>
      <span class="value">{}</span>
      <span class="meaning source">{}from {}, {}{}</span>
      {}
    </li>"""
POINTS_AT = '<a href="{}">Cases with this {}{}</a> · '
EVIDENCE = """<details class="fold value">
          <summary>Evidence<span class="visually-hidden"> of {}{}</span></summary>
          <dl class="facts">{}</dl>
        </details>"""
CHECK = """
      <div>
        <dt>{}{}</dt>
        {}
        {}
      </div>"""
NOT_ENDED = SafeString(' <span class="muted">has not answered yet</span>')
LOOKS_AT = (
    "<dd>{}</dd><dd><strong>Proves</strong> {}</dd><dd><strong>Does not prove</strong> {}</dd>"
    "<dd><strong>Unknown means</strong> {}</dd>"
)
COUNTS = {Finding.FLAGGED: " · counts {}", Finding.UNKNOWN: " · would count {}"}


@register.simple_tag
def signal_items(signals: Sequence[ShownSignal]) -> SafeString:
    """The items of ``<ul class="evidence signals">``: what was seen, what it points at, its evidence folded."""
    times = {as_of: near(as_of) for as_of in {signal.as_of for signal in signals}}
    rows = (
        (
            signal.title,
            chip(signal.finding),
            signal.sentence,
            _pointing(signal),
            signal.source,
            times[signal.as_of],
            _counting(signal),
            _evidence(signal),
        )
        for signal in signals
    )
    return format_html_join("", SIGNAL, rows)


@register.simple_tag
def about_checks(checks: Sequence[ShownCheck]) -> SafeString:
    """The rows of ``<dl class="about-checks">``: what each looks at, proves, and does not prove."""
    return format_html_join("", "{}", ((_about(check),) for check in checks))


@lru_cache(maxsize=256)
def _about(check: ShownCheck) -> SafeString:
    """Drawn once for each check and what it answered: the words are the same in every case."""
    looks_at = (
        format_html(LOOKS_AT, check.looks_at, check.proves, check.proves_not, check.unknown_means)
        if check.looks_at
        else ""
    )
    error = format_html('<dd class="muted">No answer: {}</dd>', check.error) if check.error else ""
    return format_html(CHECK, check.title, "" if check.is_ended else NOT_ENDED, looks_at, error)


def _pointing(signal: ShownSignal) -> SafeString | str:
    if not signal.subject:
        return ""
    name = format_html('<span class="visually-hidden"> {}</span>', signal.named) if signal.named else ""
    address = reverse("review:linked", args=[signal.subject_kind, signal.subject])
    return format_html(POINTS_AT, address, signal.points_at, name)


def _counting(signal: ShownSignal) -> str:
    words = COUNTS.get(Finding(signal.finding), "")
    return words.format(signal.weight) if signal.weight else ""


def _evidence(signal: ShownSignal) -> SafeString | str:
    if not signal.evidence:
        return ""
    subject = f" {signal.named}" if signal.named else ""
    return format_html(EVIDENCE, signal.title, subject, _facts(signal.evidence))


def _facts(evidence: Iterable[Evidence]) -> SafeString:
    rows = ((each.label, _cases(each.cases) if each.cases else each.value) for each in evidence)
    return format_html_join("", "<div><dt>{}</dt><dd>{}</dd></div>", rows)


def _cases(references: Iterable[str]) -> SafeString:
    links = ((reverse("review:case", args=[reference]), reference) for reference in references)
    return format_html_join(" ", '<a class="mono nowrap" href="{}">{}</a>', links)
