"""Engines for one command: used where they run, started for it where they do not."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from engines.cluster import engines, is_running, sole_user
from engines.places import Places

NEED_NONE = frozenset({"", "help", "version", "--help", "-h", "--version", "makemessages", "diffsettings"})


@contextmanager
def engines_for_command(arguments: Sequence[str]) -> Iterator[None]:
    """Run the embedded engines around one ``manage.py`` command, if it needs them and nobody does.

    A second command at the same time waits for the first.
    """
    places = Places.from_environment()
    command = arguments[0] if arguments else ""
    wants_help = bool({"-h", "--help"} & set(arguments))
    if os.environ.get("DATABASE_URL") or command in NEED_NONE or wants_help or is_running(places):
        yield
        return
    with sole_user(places, waits=True):
        if is_running(places):
            yield
        else:
            with engines(places):
                yield
