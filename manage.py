#!/usr/bin/env python
"""Django's command line, on the servers of the environment or on the embedded engines."""

import os
import sys

from engines.borrow import engines_for_command


def main() -> None:
    """Run one management command; embedded engines that nobody runs yet are started for it."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from django.core.management import execute_from_command_line  # noqa: PLC0415  # needs the line above

    with engines_for_command(sys.argv[1:]):
        execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
