"""``python -m benchmarks.http_child MODULE ARGUMENT…``: a module's ``main`` in a process with Django set up.

A process of its own for each database: ``DATABASE_URL`` says which one, and its memory goes with it.
"""

import sys
from importlib import import_module

import django

if __name__ == "__main__":
    django.setup()
    import_module(f"benchmarks.{sys.argv[1]}").main(*sys.argv[2:])
