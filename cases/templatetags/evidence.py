"""What a signal saw, drawn by one tag: a page has up to forty signals, and a template's loop costs more than its words."""

from collections.abc import Sequence

from django import template
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from cases.antifraud.shown import Evidence

register = template.Library()


@register.simple_tag
def evidence_rows(evidence: Sequence[Evidence]) -> SafeString:
    """The rows of a ``<dl class="facts">``; cases are linked."""
    rows = ((each.label, _cases(each.cases) if each.cases else each.value) for each in evidence)
    return format_html_join("", "<div><dt>{}</dt><dd>{}</dd></div>", rows)


def _cases(references: Sequence[str]) -> SafeString:
    links = ((reverse("review:case", args=[reference]), reference) for reference in references)
    return format_html_join(" ", '<a class="mono nowrap" href="{}">{}</a>', links)
