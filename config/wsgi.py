"""The web process's way in."""

import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_wsgi_application()

# Every page is loaded now, before workers are forked: they share it, and nobody's first page waits.
get_resolver().url_patterns  # noqa: B018  # reading it loads it
