"""Filters that the plain version of a mail is made with: lines of 72 characters, whatever is in them."""

import textwrap

from django import template

from cases.notices.parts import Part, Point

register = template.Library()

WIDTH = 72


@register.filter
def lines(text: str, before: str = "") -> str:
    """The text with its own line breaks, each of its lines wrapped, ``before`` at the start of all."""
    return "\n".join(_wrapped(line, before, before) for line in text.splitlines())


@register.filter
def in_plain(part: Part) -> str:
    """A part of a notice: its title in capitals, then its points."""
    points = ("\n" if part.is_list else "\n\n").join(_point(point, part.is_list) for point in part.points)
    return f"{part.title.upper()}\n\n{points}" if part.title else points


def _point(point: Point, is_item: bool) -> str:
    head = f"{point.label}: {point.text}" if point.label else point.text
    first, rest = ("* ", "  ") if is_item else ("", "")
    said = [
        _wrapped(line, first if number == 0 else rest, rest) for number, line in enumerate(head.splitlines())
    ]
    if point.command:
        said.append(f"{rest}    {point.command}")
    leads_on = f"{point.link_words}: {point.link}" if point.link else ""
    said += [_wrapped(more, rest, rest) for more in (point.note, leads_on) if more]
    return "\n".join(said)


def _wrapped(line: str, first: str, rest: str) -> str:
    """An address is never broken: it would not work any more."""
    wrapped = textwrap.wrap(
        line,
        WIDTH,
        initial_indent=first,
        subsequent_indent=rest,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return "\n".join(wrapped) or first.rstrip()
