"""Elements put together in Python: what people typed never becomes markup."""

from django.utils.html import format_html
from django.utils.safestring import SafeString

from front.markup import filled, joined

HOSTILE = "<b>\"Tom\" & 'Eve' {x}</b>"


def test_parts_are_escaped_as_django_does_unless_they_are_markup() -> None:
    item = SafeString("<i>fine</i>")
    made = filled('<p title="{said}">{said}{item}</p>', said=HOSTILE, item=item)
    assert made == format_html('<p title="{}">{}{}</p>', HOSTILE, HOSTILE, item)
    assert "<b>" not in made


def test_what_is_made_is_markup_and_is_not_escaped_again() -> None:
    each = [filled("<li>{said}</li>", said=said) for said in (HOSTILE, "plain")]
    assert format_html("<ul>{}</ul>", joined(each, " ")) == f"<ul>{each[0]} <li>plain</li></ul>"
