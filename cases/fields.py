"""Fields for what people type that is more than text: each cleans to values put right."""

import re
from collections.abc import Callable
from typing import Any, TypeVar

from django import forms
from django.forms.renderers import BaseRenderer
from django.forms.utils import flatatt
from django.utils.html import format_html
from django.utils.safestring import SafeString

from cases.values import LONGEST_DOMAIN, each_of, volume_of

Value = TypeVar("Value")
SHORT: dict[str, str | int] = {"class": "mono", "spellcheck": "false", "autocapitalize": "none"}
LISTED: dict[str, str | int] = {"rows": 3, **SHORT}
TOO_LONG = "Write at most %(limit_value)s characters; these are %(show_value)s."


class TextBox(forms.Textarea):
    """A text area drawn without a template: the page of a case has up to nine."""

    def render(
        self,
        name: str,
        value: object,
        attrs: dict[str, Any] | None = None,
        renderer: BaseRenderer | None = None,
    ) -> SafeString:
        """The element, with what was typed."""
        attributes = flatatt(self.build_attrs(self.attrs, attrs))
        typed = self.format_value(value) or ""
        return format_html('<textarea name="{}"{}>\n{}</textarea>', name, attributes, typed)


class Line(forms.CharField):
    """One short value, such as a name of DNS; cleans to what ``value_of`` makes of it, empty where nothing was typed."""

    widget = forms.TextInput(attrs=SHORT)
    default_error_messages = {"max_length": TOO_LONG}

    def __init__(self, *args: Any, value_of: Callable[[str], str], **kwargs: Any) -> None:
        super().__init__(*args, **{"max_length": LONGEST_DOMAIN, **kwargs})
        self.value_of = value_of

    def clean(self, value: Any) -> str:
        """The value put right."""
        text: str = super().clean(value)
        return put_right(self.value_of, text) if text else ""


class Lines(forms.CharField):
    """Several short values, by line, comma or space; cleans to a list without repeats."""

    widget = TextBox(attrs=LISTED)

    def __init__(self, *args: Any, value_of: Callable[[str], str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.value_of = value_of

    def to_python(self, value: object) -> Any:
        """The values, in order, each put right."""
        parts = re.split(r"[\s,;]+", super().to_python(value) or "")
        return list(put_right(each_of, [part for part in parts if part], self.value_of))

    def run_validators(self, value: Any) -> None:
        """Each value was put right already, and the list counted."""


class Volume(forms.CharField):
    """A whole number as people write it: ``4000``, ``4,000`` or ``4 000``."""

    widget = forms.TextInput(attrs={"inputmode": "numeric", "class": "short", "autocomplete": "off"})

    def to_python(self, value: object) -> Any:
        """The number."""
        text = re.sub(r"[\s,']", "", super().to_python(value) or "")
        if not text:
            return None
        if not re.fullmatch(r"[0-9]{1,12}", text):
            raise forms.ValidationError("Write the number in digits, like 4000.")
        return put_right(volume_of, int(text))

    def run_validators(self, value: Any) -> None:
        """It is a number already."""


def put_right(check: Callable[..., Value], *values: Any) -> Value:
    """What ``check`` makes of the values, its ``ValueError`` as a form's error."""
    try:
        return check(*values)
    except ValueError as error:
        raise forms.ValidationError(str(error)) from None
