"""Elements put together in Python, for what a page has by the dozen."""

from collections.abc import Iterable
from html import escape

from django.utils.safestring import SafeString


def filled(shape: str, **parts: str) -> SafeString:
    """A shape of ours with its parts, each escaped unless it is markup already.

    What ``format_html`` does, for text alone and at a third of its price: it also looks at every
    value for words that are translated late.
    """
    safe = {name: part if isinstance(part, SafeString) else escape(part) for name, part in parts.items()}
    return SafeString(shape.format_map(safe))  # nosec B703  # each part was escaped above


def joined(parts: Iterable[SafeString], between: str = "") -> SafeString:
    """Markup after markup; ``between`` is ours."""
    return SafeString(between.join(parts))  # nosec B703  # of markup alone, as its type says
