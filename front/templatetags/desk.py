"""Tags that the components are made with. docs/interface.md shows how a page is composed."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any

from django import template
from django.forms import BaseForm, BoundField
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from cases.timeline import Entry
from front import moments
from front.icons import drawing
from front.looks import LOOKS, Look, look_of
from front.markup import filled
from subscriptions.policy.wording import TEST_COMMAND, TEST_MEANS, OutcomeWords, words_for

register = template.Library()

CHIP = '<span class="chip is-{meaning}">{icon}<span>{words}</span></span>'
TIME = '<time datetime="{machine}" title="{full}">{text}</time>'
WHEN = '<time datetime="{machine}"><span class="at">{full}</span>{beside}</time>'
NEAR = ' <span class="near">({near})</span>'


@register.simple_tag
def icon(name: str) -> SafeString:
    """A picture, hidden from screen readers: a word must stand beside it."""
    return mark_safe(drawing(name))  # noqa: S308  # nosec B308, B703  # drawn in front/icons.py, with nothing of a reader's


@register.simple_tag
@lru_cache(maxsize=2048)
def chip(value: str, label: str = "") -> SafeString:
    """A state, an outcome, a finding or a status as a chip; ``label`` replaces its word.

    Drawn once for each word: a page has up to a hundred of them.
    """
    look = LOOKS.get(value) or Look(value.replace("_", " ").capitalize(), "plain", "info")
    words = label or look.label
    return filled(CHIP, meaning=look.meaning, icon=icon(look.icon), words=words)


@register.simple_tag
def state_class(value: str) -> str:
    """The class that gives a state's colours to what is drawn."""
    return f"is-{LOOKS[value].meaning}"


@register.simple_tag
def entry_look(entry: Entry, is_coloured: object) -> Look:
    """Meaning and picture of a timeline's line: ``{% entry_look entry is_coloured as look %}``."""
    return look_of(entry, is_coloured=bool(is_coloured))


@register.simple_tag
def outcome_words(outcome: str) -> OutcomeWords:
    """The words of a policy's outcome: ``{% outcome_words case.outcome as words %}``."""
    return words_for(outcome)


@register.simple_tag
def test_command() -> dict[str, str]:
    """``command`` shows whether port 25 is open, ``means`` says what its answers mean."""
    return {"command": TEST_COMMAND, "means": TEST_MEANS}


@register.simple_tag
def options(choices: Iterable[tuple[object, object]], chosen: object = "") -> SafeString:
    """The options of a long ``<select>``, many times quicker than a loop in a template."""
    return _options(tuple(choices), chosen)


@lru_cache(maxsize=64)
def _options(choices: tuple[tuple[object, object], ...], chosen: object) -> SafeString:
    """Drawn once for each list and choice: the queue has five lists, which seldom change."""
    each = ((value, _SELECTED if chosen and value == chosen else "", label) for value, label in choices)
    return format_html_join("", '<option value="{}"{}>{}</option>', each)


_SELECTED = mark_safe(" selected")  # nosec B308, B703  # a word of ours


@register.filter
def when(value: datetime | str | None) -> SafeString | str:
    """A time in full, and relative where that helps; empty where there is none."""
    moment = moments.as_moment(value)
    if moment is None:
        return ""
    near = moments.relative(moment, timezone.now())
    beside = filled(NEAR, near=near) if near else ""
    return filled(WHEN, machine=_machine(moment), full=moments.written(moment), beside=beside)


@register.filter
def near(value: datetime | str | None) -> SafeString | str:
    """A time as ``in 2 days``, with the whole of it on hover; for narrow places."""
    moment = moments.as_moment(value)
    if moment is None:
        return ""
    full = moments.written(moment)
    text = moments.relative(moment, timezone.now()) or full
    return filled(TIME, machine=_machine(moment), full=full, text=text)


@register.filter
def age(value: datetime | str | None) -> SafeString | str:
    """How long ago, as short as it goes: ``5 h``; for columns."""
    moment = moments.as_moment(value)
    if moment is None:
        return ""
    short = moments.age(moment, timezone.now())
    return filled(TIME, machine=_machine(moment), full=moments.written(moment), text=short)


@register.filter
def day(value: date | datetime | str | None) -> SafeString | str:
    """A day alone: ``15 Nov 2017``. A time is turned into the day that it is in UTC."""
    if not value:
        return ""
    if isinstance(value, str):
        value = moments.as_moment(value) or date.fromisoformat(value)
    plain = value.astimezone(UTC).date() if isinstance(value, datetime) else value
    return format_html('<time datetime="{}">{}</time>', plain.isoformat(), moments.written_day(plain))


@register.inclusion_tag("components/field.html")
def field(
    bound: BoundField,
    label: str = "",
    hint: str = "",
    draft: str = "",
    suffix: str = "",
) -> dict[str, Any]:
    """A field with label, hint and error. ``draft`` is a name under which a browser keeps what is typed."""
    shape = getattr(bound.field.widget, "input_type", "") or "text"
    bound.label = label or bound.label
    bound.help_text = hint or bound.help_text
    attributes: dict[str, str | bool] = {"data-draft": draft} if draft else {}
    is_group = bool(getattr(bound.field.widget, "use_fieldset", False))
    widget = bound.as_widget(attrs=attributes)
    return {
        "field": bound,
        "shape": shape,
        "widget": widget,
        "is_group": is_group,
        "suffix": suffix,
    }


@register.inclusion_tag("components/error_summary.html")
def error_summary(form: BaseForm, *, takes_focus: bool = True) -> dict[str, Any]:
    """What to fix first in a form, each linked to its field; the page opens with it in focus."""
    found = [("", str(sentence)) for sentence in form.non_field_errors()]
    found += [(_anchor(bound), _sentence(bound)) for bound in form if bound.errors]
    return {"found": found, "takes_focus": takes_focus}


@register.simple_tag(takes_context=True)
def error_prefix(context: template.Context) -> str:
    """``Error: `` before the title of a page whose form came back: a title is what is read out first."""
    known: dict[str, Any] = {str(name): value for name, value in context.flatten().items()}
    if known.get("errors") or known.get("conflict"):
        return "Error: "
    # By type: ``isinstance`` would wake what is lazy, and a token that is read is a cookie that is set.
    forms = (each for each in known.values() if issubclass(type(each), BaseForm))
    return "Error: " if any(form.is_bound and form.errors for form in forms) else ""


def _sentence(bound: BoundField) -> str:
    """What is wrong, after its label, unless that is a sentence of its own."""
    error = str(bound.errors[0])
    return error if str(bound.label).endswith(("?", ".")) else f"{bound.label}: {error}"


def _anchor(bound: BoundField) -> str:
    """The id that a link to the field goes to; groups of choices have theirs on the first one."""
    return bound.id_for_label or f"{bound.auto_id}_0"


def _machine(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat()
