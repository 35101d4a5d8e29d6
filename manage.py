#!/usr/bin/env python
"""Django's command line, on the servers of the environment or on the embedded engines."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured

from engines.borrow import engines_for_command
from engines.outside import outside_for_command
from engines.process import EngineError


def main() -> None:
    """Run one management command; embedded engines that nobody runs yet are started for it."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from django.core.management import execute_from_command_line  # noqa: PLC0415  # needs the line above

    try:
        with engines_for_command(sys.argv[1:]), outside_for_command(sys.argv[1:], _is_demo):
            execute_from_command_line(sys.argv)
    except (EngineError, ImproperlyConfigured) as error:
        sys.exit(str(error))


def _is_demo() -> bool:
    from config.environment import Environment  # noqa: PLC0415  # most commands never ask

    return Environment.read().is_demo


if __name__ == "__main__":
    main()
