"""What checks saw, drawn by one tag: a page has up to forty signals, and a template's loop costs more than its words."""

from collections.abc import Iterable, Sequence

from django import template
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from cases.antifraud.shown import Evidence, ShownSignal
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
