"""Search by the words of a name: PostgreSQL's full text over what names hold, each word by its beginning.

The same expression is indexed and asked for; punctuation parts words on both sides, so that
``C-1`` and ``web_shop`` are found as people write them.
"""

import re

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db.models import F, Func, Value

CONFIG = "simple"
MOST_WORDS = 8
PUNCTUATION = r"[!-/:-@[-`{-~\s]+"


def words_of(*fields: str) -> SearchVector:
    """The words of some fields, as they are indexed and searched."""
    return SearchVector(*map(_plain, fields), config=CONFIG)


def query_of(text: str) -> SearchQuery | None:
    """Every word of ``text``, by its beginning; ``None`` where there is no word in it."""
    found = re.split(PUNCTUATION, text.replace("\0", " "))
    words = [word for word in found if word][:MOST_WORDS]
    if not words:
        return None
    return SearchQuery(" & ".join(f"'{word}':*" for word in words), search_type="raw", config=CONFIG)


def _plain(field: str) -> Func:
    return Func(F(field), Value(PUNCTUATION), Value(" "), Value("g"), function="regexp_replace")
