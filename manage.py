#!/usr/bin/env python
"""Django's command line, on the servers of the environment or on the embedded engines."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured

from engines.borrow import engines_for_command
from engines.process import EngineError


def main() -> None:
    """Run one management command; embedded engines that nobody runs yet are started for it."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from django.core.management import execute_from_command_line  # noqa: PLC0415  # needs the line above

    try:
        with engines_for_command(sys.argv[1:]):
            execute_from_command_line(sys.argv)
    except (EngineError, ImproperlyConfigured) as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
